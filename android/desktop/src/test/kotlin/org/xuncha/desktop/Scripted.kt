package org.xuncha.desktop

import org.xuncha.core.*
import org.xuncha.core.app.FillSessionInterface

/**
 * A session that shows one given page and writes down what was asked of it: for drawing states that are hard to
 * bring about. What a form does is shown by the tests on the real library.
 */
class Scripted(
    private val page: Screen,
    private val found: ChoicePage = Example.found,
) : FillSessionInterface {
    val asked = mutableListOf<String>()

    private fun note(what: String): Screen = page.also { asked += what }

    override fun answer(question: String, answer: Answer): Screen = note("answer $question $answer")

    override fun back(): Screen = note("back")

    override fun choices(question: String, search: String, limit: UInt): ChoicePage = found

    override fun clear(question: String): Screen = note("clear $question")

    override fun draftId(): String = "d1"

    override suspend fun attachPhoto(question: String, photo: PhotoCapture): Screen = note("photo $question")

    override suspend fun finish(): Finalized = Example.finished.also { asked += "finish" }

    override fun goTo(at: String): Screen = note("go $at")

    override fun missing(): List<MissingRow> = Example.missing

    override fun next(): Screen = note("next")

    override fun openRepeat(at: String): Screen = note("open $at")

    override fun addRepeat(at: String): Screen = note("add $at")

    override fun removeRepeat(at: String): Screen = note("remove $at")

    override suspend fun removePhoto(question: String, photo: String): Screen = note("unphoto $question")

    override fun screen(): Screen = page

    override fun setLanguage(language: String): Screen = note("language $language")

    override suspend fun shut() {
        asked += "shut"
    }

    override fun undo(): Screen = note("undo")
}
