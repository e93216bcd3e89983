package org.xuncha.core.tests

import java.io.BufferedReader
import java.io.File
import java.nio.file.Files
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonPrimitive
import org.xuncha.core.PhotoCapture

/**
 * A real hub in a process of its own, with an office that does as it is told: the program `stage` of tests/src.
 * One serves a whole test run; it goes when this process does.
 */
object Office {
    /** Deleted when the run ends; phones live in it too. */
    val folder: File = Files.createTempDirectory("xuncha-kotlin").toFile()
    private val process: Process
    private val answers: BufferedReader
    private val opening: JsonObject

    init {
        val program = File(System.getProperty("xuncha.target"), "debug/stage").path
        process = ProcessBuilder(program, File(folder, "office").path).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        Runtime.getRuntime().addShutdownHook(
            Thread {
                process.outputStream.close()
                process.waitFor()
                folder.deleteRecursively()
            },
        )
        answers = process.inputReader()
        opening = hear()
    }

    /** Gives one order, as tests/src/stage.rs lists them; fails if it can't be followed. */
    @Synchronized
    fun order(order: String): JsonObject {
        process.outputWriter().apply {
            write(order + "\n")
            flush()
        }
        return hear()
    }

    /** Lets the phones' connections meet this for a while; afterwards it is fair again. */
    inline fun <T> weather(
        sky: String,
        meanwhile: () -> T,
    ): T {
        order("weather $sky")
        try {
            return meanwhile()
        } finally {
            order("weather fair")
        }
    }

    /** A one-time enrolment code for this person. */
    fun code(person: String): String = order("code $person").text("code")

    /** One of the sample photos, as a camera hands it over. */
    fun shot(number: Int): PhotoCapture {
        val path = opening.list("photos")[number - 1].jsonPrimitive.content
        val now = opening.getValue("now_ms").jsonPrimitive.content.toLong()
        return PhotoCapture(path, now, 480, 1_000, "boot", null, null, false)
    }

    private fun hear(): JsonObject {
        val answer = Json.parseToJsonElement(checkNotNull(answers.readLine()) { "the stage ended" }) as JsonObject
        check(answer.flag("ok")) { answer.text("error") }
        return answer
    }
}

fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content

fun JsonObject.flag(name: String): Boolean = getValue(name).jsonPrimitive.boolean

fun JsonObject.number(name: String): Int = getValue(name).jsonPrimitive.int

fun JsonObject.list(name: String): List<JsonElement> = getValue(name) as JsonArray

fun JsonObject.rows(name: String): List<JsonObject> = list(name).map { it as JsonObject }
