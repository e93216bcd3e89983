package org.xuncha.desktop

import java.io.File

/** Chinese and its punctuation, also where it is as wide as a character. */
private const val CHINESE = "\\u2E80-\\u9FFF\\uF900-\\uFAFF\\uFF00-\\uFFEF"

/** What stands in Chinese on English screens too, since nobody gave it in English: names and addresses of the scene, titles of forms. */
internal class OnlyChinese(
    names: List<String>,
) {
    private val own: List<String> by lazy { (names + scene() + titles() + LANGUAGE).distinct().sortedByDescending(String::length) }

    /** What of this text should be in English and is not. */
    fun strayIn(text: String): String = Regex("[^$CHINESE]").replace(own.fold(text) { left, name -> left.replace(name, "") }, "")

    private fun scene(): List<String> {
        val files = content("scene").listFiles().orEmpty()
        return files.flatMap { file -> Regex("\"([^\"]*[$CHINESE][^\"]*)\"").findAll(file.readText()).map { it.groupValues[1] }.toList() }
    }

    private fun titles(): List<String> {
        val forms = content("forms/expected").listFiles().orEmpty().toList() + File(root(), "tests/data/patrol.xml")
        return forms.mapNotNull { titleOf(it.readText()) }
    }

    private fun content(below: String) = File(root(), "content/$below")

    private fun root() = System.getProperty("xuncha.root")

    companion object {
        /** A language is called by its own name, so that who speaks it finds it. */
        private const val LANGUAGE = "中文"

        fun titleOf(form: String): String? = Regex("<h:title>([^<]*)</h:title>").find(form)?.groupValues?.get(1)
    }
}
