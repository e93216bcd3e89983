package org.xuncha.desktop

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import kotlin.test.Test
import kotlin.test.assertEquals
import org.xuncha.bridge.SyncState
import org.xuncha.bridge.TodayState
import org.xuncha.core.CaseRow
import org.xuncha.core.DraftRow
import org.xuncha.core.PhotoRow
import org.xuncha.core.QuarantinedRow
import org.xuncha.core.SyncStatus
import org.xuncha.core.VisitRow
import org.xuncha.ui.Look
import org.xuncha.ui.SyncActs
import org.xuncha.ui.SyncScreen
import org.xuncha.ui.TodayActs
import org.xuncha.ui.TodayScreen
import org.xuncha.ui.XunchaTheme

/** States that a real run can't bring about cheaply: before the first read, in the middle of an upload, in custody. */
@OptIn(ExperimentalTestApi::class)
class RareStates {
    private val halfWay =
        SyncStatus(
            sentence = "做了120条，平台已收118条，2条在本机。照片263张，已收251张，12张在本机。内容都完好，有网自动上传。",
            made = 120u,
            held = 118u,
            photosMade = 263u,
            photosHeld = 251u,
            waitingOps = 2u,
            waitingPhotos = 12u,
            refused = emptyList(),
            quarantined = listOf(QuarantinedRow("o2", "c8", "走访 · 样例轮胎研发中心", "平台收到了，1条代管：你已调出西城区，等管理员处理。内容没有丢。")),
            photos = listOf(PhotoRow("p1", "", "上传中43%", 43u, ""), PhotoRow("p2", "", "排队", 0u, "传了一半，下次接着传")),
            hubCountSentence = "平台自己的数：118条、251张，一致",
            dataTimeLine = "资料截至今天14:12，平台上可能更新。",
            lastSyncMs = 0,
            running = null,
            notices = listOf("手机时间慢3天，已如实记录；截止时间按平台时间算。"),
        )

    @Test
    fun theyKeepTheChecklistToo() {
        val faults =
            faultsOf("today-first") { TodayScreen(TodayState(), fetching = true, offline = false, left = null, acts = NoToday) } +
                faultsOf("sync-in-custody") { SyncScreen(SyncState(halfWay, running = true), NoSync) }
        assertEquals(emptyList(), faults, faults.joinToString("\n"))
    }

    private fun faultsOf(
        name: String,
        screen: @Composable () -> Unit,
    ): List<String> {
        val found = mutableListOf<String>()
        for (look in listOf(Look.LIGHT, Look.DARK, Look.SUNLIGHT)) for (scale in listOf(1f, 1.6f)) {
            runDesktopComposeUiTest(width = 360, height = 2400) {
                setContent {
                    CompositionLocalProvider(LocalDensity provides Density(1f, scale)) {
                        Box(Modifier.requiredSize(360.dp, 2400.dp).testTag("phone")) { XunchaTheme(look) { screen() } }
                    }
                }
                waitForIdle()
                found += faults("phone", if (look == Look.SUNLIGHT) 7.0 else 4.5).map { "$name $look ×$scale: $it" }
            }
        }
        return found
    }
}

private object NoToday : TodayActs {
    override fun safety() = Unit

    override fun resume(draft: DraftRow) = Unit

    override fun discard(draft: DraftRow) = Unit

    override fun undoDiscard() = Unit

    override fun goOn() = Unit

    override fun case(row: CaseRow) = Unit

    override fun visit(row: VisitRow) = Unit

    override fun report() = Unit
}

private object NoSync : SyncActs {
    override fun back() = Unit

    override fun syncNow() = Unit

    override fun stop() = Unit

    override fun reapply(op: String) = Unit

    override fun leave(op: String) = Unit
}
