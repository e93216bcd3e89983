package org.xuncha.desktop

import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import java.io.File
import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking
import org.xuncha.bridge.Changes
import org.xuncha.core.AppConfig
import org.xuncha.core.AppException
import org.xuncha.core.app.App
import org.xuncha.core.app.errorSentence
import org.xuncha.ui.Look
import org.xuncha.ui.PhoneApp
import org.xuncha.ui.XunchaTheme

/**
 * The phone in a window: `cargo xtask phone [FOLDER] [--code CODE] [--look light|dark|sunlight] [--language zh|en]`.
 *
 * The same library, the same screens; camera, position and key store are stand-ins.
 */
fun main(words: Array<String>) {
    val asked = Asked.read(words.toList())
    val device = StandInDevice(File(asked.folder, "camera"))
    val app =
        try {
            runBlocking { openPhone(asked) }
        } catch (error: AppException) {
            System.err.println(errorSentence(error, asked.language))
            exitProcess(1)
        }
    val changes = Changes().also { app.observe(it) }
    application {
        Window(
            onCloseRequest = {
                runBlocking { app.shut() }
                exitApplication()
            },
            state = rememberWindowState(size = DpSize(360.dp, 780.dp)),
            title = "巡查 Xuncha",
        ) {
            XunchaTheme(asked.look, asked.language, DesktopPictures()) { PhoneApp(app, changes, device, asked.language) }
        }
    }
}

private suspend fun openPhone(asked: Asked): App {
    val app = App.openWithFileKeys(desktopConfig(asked.folder, asked.language), File(asked.folder, "keys").path)
    if (app.identity() == null && asked.code.isNotEmpty()) {
        app.enrol(asked.code)
        app.syncNow()
    }
    return app
}

/** How a phone on a desk opens its folder. */
fun desktopConfig(
    folder: File,
    language: String,
) = AppConfig(
    folder = folder.apply { mkdirs() }.path,
    cacheFolder = File(folder, "cache").apply { mkdirs() }.path,
    appVersion = "0.1.0",
    deviceModel = "desktop",
    language = language,
    bootId = "desk",
    answerTimeoutMs = 0u,
)

/** What the command line asks for. */
internal data class Asked(
    val folder: File,
    val code: String,
    val look: Look,
    val language: String,
) {
    companion object {
        fun read(words: List<String>): Asked {
            fun after(name: String): String = words.indexOf(name).let { if (it < 0) "" else words.getOrElse(it + 1) { "" } }
            val folder = words.firstOrNull { !it.startsWith("-") }?.takeUnless { words.indexOf(it) > 0 && words[words.indexOf(it) - 1].startsWith("--") }
            return Asked(
                File(folder ?: "target/phone"),
                after("--code"),
                Look.entries.firstOrNull { it.name.equals(after("--look"), ignoreCase = true) } ?: Look.SYSTEM,
                after("--language").ifEmpty { "zh" },
            )
        }
    }
}
