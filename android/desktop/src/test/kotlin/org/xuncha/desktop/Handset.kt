package org.xuncha.desktop

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsNodeInteraction
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.click
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.isFocused
import androidx.compose.ui.test.onAllNodesWithTag
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.performTouchInput
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import java.io.File
import java.time.Clock
import java.time.Instant
import java.time.ZoneId
import javax.imageio.ImageIO
import kotlinx.coroutines.runBlocking
import org.xuncha.bridge.Device
import org.xuncha.core.PhotoCapture
import org.xuncha.core.app.App
import org.xuncha.ui.Look
import org.xuncha.ui.PhoneApp
import org.xuncha.ui.XunchaTheme

/** What a camera asks for by itself: 快门, 用这张. */
const val CAMERA_TAPS = 2

/** The surface is wide enough for a phone at two pixels a dp, and tall enough for any screen at one. */
const val SURFACE_WIDTH = 720
const val SURFACE_HEIGHT = 4000

private const val ACROSS_DP = 360
private const val PHONE_DP = 780

/** The phone lies on its side, at one pixel a dp: the surface is no wider. */
const val TURNED_ACROSS_DP = 720
private const val TURNED_DP = 360
private const val TALL_DP = 3600
private const val PATIENCE_MS = 30_000L

/** The real app on a folder, its real screens under a thumb that counts. */
@OptIn(ExperimentalTestApi::class)
class Handset(
    private val test: ComposeUiTest,
    private val folder: File,
    private val stage: Stage,
    private val language: String = "zh",
    /** What the checklist finds on the screens that are shown. */
    private val found: MutableList<String> = mutableListOf(),
) {
    private val shell = KeptShell(File(folder.apply { mkdirs() }, "shell.properties"), Look.LIGHT, language)
    private val clock = Clock.fixed(Instant.ofEpochMilli(stage.now()), ZoneId.of("Asia/Shanghai"))
    private val camera = Camera(StandInDevice(File(folder, "camera"), clock))
    private var phone by mutableStateOf(open())
    private var look by mutableStateOf(Look.LIGHT)
    private var density by mutableStateOf(Density(2f))
    private var width by mutableStateOf(ACROSS_DP)
    private var height by mutableStateOf(PHONE_DP)

    private var presses = 0

    /** Taps on our screens, and on the camera between them. */
    val taps get() = presses + camera.taken * CAMERA_TAPS

    private val pictures = DesktopPictures()

    @Composable
    fun Screen() {
        CompositionLocalProvider(LocalDensity provides density) {
            Box(Modifier.requiredSize(width.dp, height.dp).testTag("phone")) {
                XunchaTheme(look, language, pictures) {
                    key(phone) { PhoneApp(phone.app, phone.changes, camera, shell) }
                }
            }
        }
    }

    private fun open() = runBlocking { OpenPhone.openAt(folder, language, clock) }

    /** The process ends and begins again: everything that was only in memory is gone. */
    fun endAndBeginAgain() {
        runBlocking { phone.app.shut() }
        phone = open()
    }

    /** What this issue's screens can't do yet, done on the same open app. */
    fun behindTheScreens(work: suspend App.() -> Unit) = runBlocking { phone.app.work() }

    fun close() = runBlocking { phone.app.shut() }

    /** Enrols as this person and waits for the first list. */
    fun enrol(
        person: String,
        beforeStarting: () -> Unit = {},
    ) {
        awaitTag("code")
        test.onNodeWithTag("code").performTextInput(stage.code(person))
        tap("main")
        awaitTag("you")
        beforeStarting()
        tap("its-me")
        awaitText(if (language == "zh") "资料截至" else "Data as of")
    }

    /** One press of the thumb. */
    fun tap(tag: String) {
        awaitTag(tag)
        test.waitForIdle()
        // A thumb, not a mouse: nothing is hovered over afterwards.
        first(tag).performTouchInput { click() }
        presses += 1
        test.waitForIdle()
    }

    /** 立即上传, once no other sync runs, until it has ended: what the screen says then is of after it. */
    fun syncNow() {
        awaitNoSync()
        tap("sync-now")
        awaitNoSync()
    }

    private fun awaitNoSync() = await("no sync under way") { !has("stop") }

    /** One press of the thumb on what may be further down the list. */
    fun tapIn(
        list: String,
        tag: String,
    ) {
        scrollTo(list, tag)
        tap(tag)
    }

    /** So many photos were taken, and taken in. */
    fun awaitPhotos(many: Int) = await("$many photos") { camera.taken == many && !shows("正在处理") && !shows("Working") }

    /** What the wide button says. */
    fun awaitMain(label: String) =
        await("the wide button “$label”") {
            test.onAllNodesWithTag("main").fetchSemanticsNodes().any { node ->
                node.config.getOrNull(SemanticsProperties.Text).orEmpty().any { label in it.text }
            }
        }

    /** Types without a tap: the cursor must be there already. */
    fun typeWhereTheCursorIs(
        tag: String,
        text: String,
    ) {
        await("the cursor in $tag") { test.onAllNodes(hasTestTag(tag) and isFocused()).fetchSemanticsNodes().isNotEmpty() }
        type(tag, text)
    }

    /** Brings what is further down into view, as a thumb does by scrolling. */
    fun scrollTo(
        list: String,
        tag: String,
    ) {
        awaitTag(list)
        test.onNodeWithTag(list).performScrollToNode(hasTestTag(tag))
    }

    /** Types into what may be further down the list. */
    fun typeIn(
        list: String,
        tag: String,
        text: String,
    ) {
        scrollTo(list, tag)
        type(tag, text)
    }

    /** Another text instead of the one that stands there. */
    fun retype(
        tag: String,
        text: String,
    ) {
        awaitTag(tag)
        first(tag).performTextReplacement(text)
        test.waitForIdle()
    }

    /** What a field holds. */
    fun typed(tag: String): String = first(tag).fetchSemanticsNode().config[SemanticsProperties.EditableText].text

    fun type(
        tag: String,
        text: String,
    ) {
        awaitTag(tag)
        first(tag).performTextInput(text)
        test.waitForIdle()
    }

    private fun first(tag: String): SemanticsNodeInteraction = test.onAllNodesWithTag(tag)[0]

    fun awaitTag(tag: String) = await("the tag $tag") { test.onAllNodesWithTag(tag).fetchSemanticsNodes().isNotEmpty() }

    fun awaitText(text: String) = await("“$text”") { shows(text) }

    fun awaitGone(text: String) = await("no “$text”") { !shows(text) }

    fun shows(text: String): Boolean = test.onAllNodesWithText(text, substring = true).fetchSemanticsNodes().isNotEmpty()

    fun has(tag: String): Boolean = test.onAllNodesWithTag(tag).fetchSemanticsNodes().isNotEmpty()

    private fun await(
        what: String,
        there: () -> Boolean,
    ) {
        try {
            test.waitUntil(what, PATIENCE_MS) { there() }
        } catch (late: Throwable) {
            photograph("late")
            throw late
        }
    }

    /** What of this screen, seen or read out, is Chinese though the person chose English. */
    fun readInEnglish(name: String) {
        height = TALL_DP
        density = Density(1f)
        test.waitForIdle()
        found += test.spoken("phone").mapNotNull { said -> stage.chinese.strayIn(said).ifEmpty { null }?.let { "$name: “$it” in “$said”" } }
        height = PHONE_DP
        density = Density(2f)
        test.waitForIdle()
    }

    /** The checklist on this screen in every look at both font scales, and a photograph of each. */
    fun show(name: String) {
        if (language == "en") readInEnglish(name)
        found += test.unheard("phone").map { "$name $language: $it" }
        for (way in LOOKS) for (scale in SCALES) {
            look = way
            density = Density(2f, scale)
            photograph("$name-${way.name.lowercase()}${if (scale == 1f) "" else "-large"}${if (language == "zh") "" else "-$language"}")
            density = Density(1f, scale)
            height = TALL_DP
            test.waitForIdle()
            found += test.faults("phone", if (way == Look.SUNLIGHT) 7.0 else 4.5).map { "$name $way ×$scale $language: $it" }
            height = PHONE_DP
        }
        look = Look.LIGHT
        density = Density(2f)
        test.waitForIdle()
    }

    /** The phone lies on its side while [work] is done. */
    fun turned(work: () -> Unit) {
        width = TURNED_ACROSS_DP
        height = TURNED_DP
        density = Density(1f)
        test.waitForIdle()
        work()
        width = ACROSS_DP
        height = PHONE_DP
        density = Density(2f)
        test.waitForIdle()
    }

    /** The checklist on the turned screen, and a photograph of it. */
    fun showTurned(name: String) {
        for (scale in SCALES) {
            density = Density(1f, scale)
            photograph("$name-turned${if (scale == 1f) "" else "-large"}")
            found += (test.faults("phone", 4.5) + test.unheard("phone")).map { "$name turned ×$scale: $it" }
        }
        density = Density(1f)
        test.waitForIdle()
    }

    /** Where something stands on the screen, in pixels. */
    fun bounds(tag: String): Rect = first(tag).fetchSemanticsNode().boundsInRoot.translate(-test.onNodeWithTag("phone").fetchSemanticsNode().boundsInRoot.topLeft)

    private fun photograph(name: String) {
        test.waitForIdle()
        val folder = File(System.getProperty("xuncha.shots")).apply { mkdirs() }
        ImageIO.write(test.onNodeWithTag("phone").captureToImage().toAwtImage(), "png", File(folder, "$name.png"))
    }
}

private val LOOKS = listOf(Look.LIGHT, Look.DARK, Look.SUNLIGHT)
private val SCALES = listOf(1f, 1.6f)

/** Counts what the person takes; the pictures are the stand-in's. */
private class Camera(
    private val device: Device,
) : Device by device {
    @Volatile
    var taken = 0

    override suspend fun takePhoto(): PhotoCapture? = device.takePhoto().also { taken += 1 }
}
