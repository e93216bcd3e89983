package org.xuncha.ui

/** What a shell keeps for the person, also over the end of its process. */
interface Shell {
    val look: Look

    /** `zh` or `en`. */
    val language: String

    /** Where the person is: a word of [Place]. */
    var place: String

    fun choose(look: Look)

    /** Another language: the shell opens the app anew in it. */
    fun speak(language: String)
}
