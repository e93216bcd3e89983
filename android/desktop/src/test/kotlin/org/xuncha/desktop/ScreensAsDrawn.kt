package org.xuncha.desktop

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.unit.Density
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import org.jetbrains.skia.EncodedImageFormat
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.FormState
import org.xuncha.bridge.SyncState
import org.xuncha.bridge.TodayState
import org.xuncha.core.DraftRow
import org.xuncha.core.Screen
import org.xuncha.core.VisitRow
import org.xuncha.ui.FormExits
import org.xuncha.ui.FormScreen
import org.xuncha.ui.Look
import org.xuncha.ui.SyncActs
import org.xuncha.ui.SyncScreen
import org.xuncha.ui.TodayActs
import org.xuncha.ui.TodayScreen
import org.xuncha.ui.XunchaTheme

private val device = StandInDevice(File(System.getProperty("java.io.tmpdir"), "xuncha-samples"))

@Composable
private fun Today(state: TodayState) =
    TodayScreen(
        state,
        object : TodayActs {
            override fun safety() = Unit

            override fun resume(draft: DraftRow) = Unit

            override fun discard(draft: DraftRow) = Unit

            override fun undoDiscard() = Unit

            override fun visit(row: VisitRow) = Unit

            override fun report() = Unit
        },
    )

@Composable
private fun Sync(state: SyncState) =
    SyncScreen(
        state,
        "14:30",
        object : SyncActs {
            override fun back() = Unit

            override fun syncNow() = Unit

            override fun stop() = Unit

            override fun reapply(op: String) = Unit

            override fun leave(op: String) = Unit
        },
    )

@Composable
private fun Form(
    page: Screen,
    before: (FormModel) -> Unit = {},
    change: (FormState) -> FormState = { it },
) {
    val scope = rememberCoroutineScope()
    val model = remember { FormModel(Scripted(page), device, "zh", scope).also(before) }
    val state by model.state.collectAsState()
    FormScreen(
        change(state),
        model,
        object : FormExits {
            override fun leave() = Unit

            override fun toToday() = Unit

            override fun again() = Unit
        },
    )
}

/** Each screen in the states that matter, as the drawings have them. */
private val screens: Map<String, @Composable () -> Unit> =
    mapOf(
        "today-unsafe" to { Today(Example.todayState) },
        "today-calm" to { Today(Example.calmState) },
        "today-first" to { Today(TodayState()) },
        "form-problem" to { Form(Example.problemPage) },
        "form-every-kind" to { Form(Example.everyKind) },
        "form-cards" to { Form(Example.cards) },
        "form-missing" to { Form(Example.problemPage, { it.openMissing() }) },
        "form-search" to { Form(Example.problemPage, { it.openSearch(Example.projects); it.searchFor("样例轮") }) },
        "form-finished" to { Form(Example.problemPage) { it.copy(finished = Example.finished) } },
        "sync-waiting" to { Sync(Example.syncing) },
        "sync-held" to { Sync(Example.allHeld) },
    )

private val looks = listOf(Look.LIGHT, Look.DARK, Look.SUNLIGHT)
private val scales = listOf(1f, 1.6f)

@OptIn(ExperimentalTestApi::class)
class ScreensAsDrawn {
    /** The checklist, on every screen in every look and at both font scales, tall enough to show all of it. */
    @Test
    fun everyScreenKeepsTheChecklist() {
        val faults = mutableListOf<String>()
        for ((name, screen) in screens) for (look in looks) for (scale in scales) {
            runDesktopComposeUiTest(width = 360, height = 3200) {
                setContent {
                    CompositionLocalProvider(LocalDensity provides Density(1f, scale)) { XunchaTheme(look) { screen() } }
                }
                waitForIdle()
                faults += faults(if (look == Look.SUNLIGHT) 7.0 else 4.5).map { "$name $look ×$scale: $it" }
            }
        }
        assertEquals(emptyList(), faults, faults.joinToString("\n"))
    }

    /** Photographs at a phone's size, for people to look at. */
    @Test
    fun everyScreenIsPhotographed() {
        val folder = File(System.getProperty("xuncha.shots")).apply { mkdirs() }
        for ((name, screen) in screens) for (look in looks) for (scale in scales) {
            val scene =
                ImageComposeScene(720, 1560, Density(2f, scale)) { XunchaTheme(look, pictures = DesktopPictures()) { screen() } }
            try {
                scene.render(0)
                val picture = scene.render(1_000_000_000).encodeToData(EncodedImageFormat.PNG)!!.bytes
                val suffix = if (scale == 1f) "" else "-large"
                File(folder, "$name-${look.name.lowercase()}$suffix.png").writeBytes(picture)
            } finally {
                scene.close()
            }
        }
        assertEquals(screens.size * looks.size * scales.size, folder.listFiles { it -> it.name.substringBefore('-') in setOf("today", "form", "sync") }!!.size)
    }
}
