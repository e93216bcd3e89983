package org.xuncha.desktop

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Window
import androidx.compose.ui.window.application
import androidx.compose.ui.window.rememberWindowState
import java.io.File
import java.time.Clock
import kotlin.system.exitProcess
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.xuncha.bridge.Changes
import org.xuncha.core.AppConfig
import org.xuncha.core.AppException
import org.xuncha.core.app.App
import org.xuncha.core.app.errorSentence
import org.xuncha.ui.Look
import org.xuncha.ui.PhoneApp
import org.xuncha.ui.XunchaTheme

/** A phone on a desk tries to hand in its work so often by itself. */
private const val SYNC_EVERY_MS = 60_000L

/**
 * The phone in a window: `cargo xtask phone [FOLDER] [--code CODE] [--look light|dark|sunlight] [--language zh|en]`.
 *
 * The same library, the same screens; camera, position and key store are stand-ins.
 */
fun main(words: Array<String>) {
    val asked = Asked.read(words.toList())
    val shell = KeptShell(File(asked.folder.apply { mkdirs() }, "shell.properties"), asked.look, asked.language)
    val first =
        try {
            runBlocking { OpenPhone.open(asked.folder, shell.language).also { it.enrol(asked.code) } }
        } catch (error: AppException) {
            System.err.println(errorSentence(error, shell.language))
            exitProcess(1)
        }
    application {
        var phone by remember { mutableStateOf(first) }
        Window(
            onCloseRequest = {
                runBlocking { phone.app.shut() }
                exitApplication()
            },
            state = rememberWindowState(size = DpSize(WIDTH, HEIGHT)),
            title = "巡查 Xuncha",
        ) {
            LaunchedEffect(shell.language) {
                if (phone.language != shell.language) {
                    phone.app.shut()
                    phone = OpenPhone.open(asked.folder, shell.language)
                }
            }
            key(phone) { InWindow(phone, shell, asked.folder) }
        }
    }
}

private val WIDTH = 360.dp
private val HEIGHT = 780.dp

@Composable
private fun InWindow(
    phone: OpenPhone,
    shell: KeptShell,
    folder: File,
) {
    val device = remember { StandInDevice(File(folder, "camera")) }
    LaunchedEffect(phone) { phone.handIn() }
    XunchaTheme(shell.look, phone.language, remember { DesktopPictures() }) { PhoneApp(phone.app, phone.changes, device, shell) }
}

/** An open phone in one language. */
internal class OpenPhone private constructor(
    val app: App,
    val language: String,
) {
    val changes = Changes().also { app.observe(it) }

    /** Enrols with this code, unless there is none or the phone is enrolled already. */
    suspend fun enrol(code: String) {
        if (code.isNotEmpty() && app.identity() == null) app.enrol(code)
    }

    /** What a device does in the background: brings the work in while there is network. Ends with the phone. */
    suspend fun handIn() {
        while (true) {
            delay(SYNC_EVERY_MS)
            try {
                if (app.identity() != null) app.syncNow()
            } catch (_: AppException.Closed) {
                return
            } catch (_: AppException) {
                // 入库情况 says what waits and why; the next round tries again.
            }
        }
    }

    companion object {
        suspend fun open(
            folder: File,
            language: String,
        ) = OpenPhone(App.openWithFileKeys(desktopConfig(folder, language), File(folder, "keys").path), language)

        /** With clocks that stand still. */
        suspend fun openAt(
            folder: File,
            language: String,
            clock: Clock,
        ): OpenPhone {
            val offset = clock.zone.rules.getOffset(clock.instant()).totalSeconds / 60
            val keys = File(folder, "keys").path
            return OpenPhone(App.openAt(desktopConfig(folder, language), keys, clock.millis(), offset, System.nanoTime().toULong()), language)
        }
    }
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
    /** Null: as the person chose last. */
    val look: Look?,
    /** Empty: as the person chose last. */
    val language: String,
) {
    companion object {
        fun read(words: List<String>): Asked {
            fun after(name: String): String = words.indexOf(name).let { if (it < 0) "" else words.getOrElse(it + 1) { "" } }
            val named = words.zipWithNext().filter { it.first.startsWith("--") }.map { it.second }.toSet()
            val folder = words.firstOrNull { !it.startsWith("--") && it !in named }
            return Asked(
                File(folder ?: "target/phone"),
                after("--code"),
                Look.entries.firstOrNull { it.name.equals(after("--look"), ignoreCase = true) },
                after("--language"),
            )
        }
    }
}
