package org.xuncha.desktop

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.xuncha.bridge.LedgerState
import org.xuncha.core.CaseMove

/** The commonest job, from the street to the hub and back, on the real library against a real hub. */
class StreetProblem {
    private companion object {
        const val HOUR_MS = 3_600_000L
    }

    @Test
    fun aNewProblemTakesSixTapsAndOneSentenceIsHeldAndComesBackAsACase() =
        OnStage.play {
            val phone = phone("p-wang")
            phone.awaitTag("code")
            phone.show("enrol-code")
            phone.enrol("p-wang")
            phone.show("today-empty")
            stage.order("weather down")
            report(phone)
            endOfDay(phone)
            comesBack(phone)
            atTheHandlers()
        }

    /** Job 1 of the commonest: 拍照上报 → 快门 → 用这张 → 类别 → 立案条件 → a sentence → 完成. */
    private fun OnStage.report(phone: Handset) {
        val start = phone.taps
        phone.tap("report")
        phone.awaitPhotos(1)
        phone.show("street-begun")
        phone.tap("choice:matter-06010")
        phone.tap("choice:matter-06010.small")
        phone.typeWhereTheCursorIs("field:/data/what/description", "装修垃圾一堆，靠近路名牌")
        phone.awaitMain("完成")
        phone.show("street-filled")
        phone.tap("main")
        phone.awaitTag("to-today")
        assertEquals(6, phone.taps - start, "taps for a new street problem")
        phone.show("street-finished")
        phone.tap("to-today")
        phone.awaitText("2条、1张在本机")
        phone.show("today-waiting")
        assertTrue("\"held\":0" in stage.order("phones"))
    }

    /** Job 5: is all safe? One tap; two to hand it in. */
    private fun OnStage.endOfDay(phone: Handset) {
        val start = phone.taps
        phone.tap("safety")
        phone.awaitText("2条在本机")
        assertEquals(1, phone.taps - start, "taps to see whether all is safe")
        phone.show("sync-waiting")
        phone.syncNow()
        phone.awaitText("没有网络")
        phone.show("sync-offline")
        phone.tap("back")
        phone.awaitText("离线")
        phone.show("today-offline")

        stage.order("weather fair")
        val again = phone.taps
        phone.tap("safety")
        phone.syncNow()
        phone.awaitText("平台已全部收到并核对")
        assertEquals(2, phone.taps - again, "taps to hand it in")
        phone.show("sync-held")
        assertTrue("\"held\":2" in stage.order("phones"))
        phone.tap("back")
        phone.awaitText("平台已全部收到")
        phone.show("today-held")
    }

    /** The office files and dispatches it: it comes back with a deadline that explains itself. */
    private fun OnStage.comesBack(phone: Handset) {
        phone.tap("bar-ledger")
        phone.awaitText("待受理")
        stage.order("accept first-case")
        stage.order("dispatch first-case to h-li within 4 working_hours")
        phone.tap("bar-mine")
        phone.show("mine")
        phone.tap("to-sync")
        phone.syncNow()
        phone.tap("back")
        phone.tap("bar-ledger")
        phone.awaitText("办理中")
        phone.show("ledger")
        phone.tap("case")
        phone.awaitText("到期")
        phone.tap("how")
        phone.awaitText("派遣起算")
        phone.show("case")
    }

    /** The one who answers for it has it on the first screen, and sees when it is overdue. */
    private fun OnStage.atTheHandlers() {
        val phone = phone("h-li")
        phone.enrol("h-li")
        phone.awaitText("我的案卷 1")
        phone.show("today-cases")

        // Taken offline, while a colleague was faster: kept, told why, and left as a record.
        stage.order("weather down")
        phone.behindTheScreens {
            val case = cases(LedgerState().filter).rows.single()
            moveCase(case.id, CaseMove.Receive("收到，今天去"))
        }
        stage.order("""move first-case as h-li {"type":"receive","note":"用新手机收到"}""")
        stage.order("weather fair")
        phone.tap("safety")
        phone.syncNow()
        phone.awaitTag("refused")
        phone.show("sync-refused")
        phone.tap("leave")
        phone.tap("back")
        stage.order("clock +${18 * HOUR_MS + HOUR_MS / 2}")
        phone.tap("safety")
        phone.syncNow()
        phone.tap("back")
        phone.awaitText("已超期")
        phone.show("today-overdue")
    }
}
