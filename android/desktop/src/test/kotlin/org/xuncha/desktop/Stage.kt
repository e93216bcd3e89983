package org.xuncha.desktop

import java.io.File

/** 8 July 2026, 14:30 in the sample city, a Wednesday in office hours: a day whose deadlines can be told beforehand. */
private const val SCENE_MS = 1_783_492_200_000L

/** A real hub on loopback that does as it is told: the program `stage`, one order a line, one JSON answer a line. */
class Stage(
    folder: File,
) : AutoCloseable {
    private val process =
        ProcessBuilder(File(System.getProperty("xuncha.target"), "debug/stage").path, folder.path, SCENE_MS.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
    private val answers = process.inputStream.bufferedReader()
    private val orders = process.outputStream.bufferedWriter()

    /** What there is: codes, people, sample photos. */
    private val opening = checked("opening", answers.readLine())

    /** Follows an order; fails the test if it can't be followed. */
    fun order(line: String): String {
        orders.write(line)
        orders.newLine()
        orders.flush()
        return checked(line, answers.readLine())
    }

    /** A code that no phone has used yet. */
    fun code(person: String): String = text(order("code $person"), "code")

    /** Imports a form in which enterprises are called by such a name. */
    fun form(
        file: File,
        enterprise: String,
    ) {
        order("form $file")
        chinese = OnlyChinese(names() + enterprise + listOfNotNull(OnlyChinese.titleOf(file.readText())))
    }

    /** What stands in Chinese on an English screen. */
    internal var chinese = OnlyChinese(names())
        private set

    /** People, and the unit that the stage's own staff is of. */
    private fun names() = Regex("\"name\":\"([^\"]*)\"").findAll(opening).map { it.groupValues[1] }.toList() + "东城大队"

    /** Photos with EXIF, each another picture. */
    fun photos(): List<File> =
        Regex("\"photos\":\\[([^]]*)]").find(opening)!!.groupValues[1].split(',').map { File(it.trim('"')) }

    fun now(): Long = Regex("\"now_ms\":(\\d+)").find(opening)!!.groupValues[1].toLong()

    /** No hub outlives its test. */
    override fun close() {
        orders.close()
        if (!process.waitFor(20, java.util.concurrent.TimeUnit.SECONDS)) process.destroyForcibly()
    }

    private fun checked(
        order: String,
        answer: String?,
    ): String = answer?.takeIf { "\"ok\":true" in it } ?: error("$order: $answer")

    companion object {
        /** A text of an answer, by its name. */
        fun text(
            answer: String,
            name: String,
        ): String = Regex("\"$name\":\"([^\"]*)\"").find(answer)?.groupValues?.get(1) ?: error("no $name in $answer")
    }
}
