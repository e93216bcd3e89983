package org.xuncha.desktop

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import java.io.File
import java.util.Properties
import org.xuncha.ui.Look
import org.xuncha.ui.Shell

/** What the person chose and where they were, in a file of the phone's folder. */
class KeptShell(
    private val file: File,
    look: Look? = null,
    language: String = "",
) : Shell {
    private val kept = Properties().also { if (file.isFile) file.reader().use(it::load) }

    override var look by mutableStateOf(look ?: Look.entries.firstOrNull { it.name == kept.getProperty("look") } ?: Look.SYSTEM)
        private set

    override var language by mutableStateOf(language.ifEmpty { kept.getProperty("language", "zh") })
        private set

    override var place: String
        get() = kept.getProperty("place", "")
        set(word) = keep("place", word)

    override fun choose(look: Look) {
        this.look = look
        keep("look", look.name)
    }

    override fun speak(language: String) {
        this.language = language
        keep("language", language)
    }

    private fun keep(
        name: String,
        value: String,
    ) {
        kept.setProperty(name, value)
        file.writer().use { kept.store(it, null) }
    }
}
