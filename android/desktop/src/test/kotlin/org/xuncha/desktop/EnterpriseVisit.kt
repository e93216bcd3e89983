package org.xuncha.desktop

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** 涉企走访 offline: repeats as cards, what is missing, a process that ends in the middle, and what the hub then holds. */
class EnterpriseVisit {
    @Test
    fun aVisitWithTwoRaisedIsFilledOfflineOverTheEndOfTheProcess() =
        OnStage.play {
            val phone = phone("p-dongcheng")
            phone.enrol("p-dongcheng")
            phone.awaitTag("visit")
            phone.show("today-visits")
            phone.tap("bar-near")
            phone.awaitTag("site")
            phone.show("near")
            phone.tap("bar-today")
            stage.order("weather down")
            phone.tap("visit")
            who(phone)
            problem(phone)
            suggestionLeftHalf(phone)
            missing(phone)
            finish(phone)
        }

    private fun who(phone: Handset) {
        phone.tapIn("form", "choice:leaders")
        phone.typeWhereTheCursorIs("field:/data/who/visitors", "王新、李明")
        phone.awaitMain("下一页：收集的问题和建议（2/3）")
        phone.show("visit-who")
        phone.tap("main")
        phone.tap("choice:yes")
    }

    private fun problem(phone: Handset) {
        // The first one stands there already, empty.
        phone.tapIn("form", "card-1")
        phone.tap("choice:problem")
        phone.tapIn("form", "choice:water")
        phone.typeWhereTheCursorIs("field:$PROBLEM[1]/description", "早晚高峰三楼没有水")
        phone.awaitMain("完成这条")

        // Nothing was pressed to keep it. The process ends here, and begins again.
        phone.endAndBeginAgain()
        phone.awaitText("第1条，共1条")
        assertEquals("早晚高峰三楼没有水", phone.typed("field:$PROBLEM[1]/description"))

        // The cascade offers who answers for water, and the duty office.
        phone.tapIn("form", "choice:u-water")
        assertFalse(phone.has("choice:u-heat"))
        phone.tapIn("form", "camera:$PROBLEM[1]/photo")
        phone.awaitPhotos(1)
        phone.show("visit-problem")
        phone.tap("main")
    }

    private fun suggestionLeftHalf(phone: Handset) {
        phone.awaitTag("card-1")
        phone.tapIn("form", "add-repeat")
        phone.tap("choice:suggestion")
        phone.tapIn("form", "choice:green")
        phone.awaitMain("下一项：内容")
        phone.tap("previous")
        phone.awaitTag("card-2")
        phone.awaitText("填齐")
        phone.awaitText("差1项")
        phone.awaitText("已登记：问题1条，建议1条")
        phone.show("visit-cards")
    }

    private fun missing(phone: Handset) {
        phone.tap("missing-line")
        phone.awaitText("还差2项")
        phone.show("visit-missing")
        phone.tap("missing-row")
        phone.typeWhereTheCursorIs("field:$PROBLEM[2]/description", "出入口绿化带想拓宽")
        phone.awaitMain("回到清单（还差1项）")
        phone.tap("main")
        phone.tap("missing-row")
        phone.tap("choice:dissatisfied")
        // Relevant now, and required: what was not satisfactory.
        phone.typeWhereTheCursorIs("field:/data/closing/advice", "答复太慢")
        phone.awaitMain("完成")
        phone.show("visit-closing")
    }

    private fun OnStage.finish(phone: Handset) {
        phone.tap("main")
        phone.tap("to-today")
        phone.awaitText("3条、1张在本机")
        phone.awaitText("已走1")
        stage.order("weather fair")
        phone.tap("safety")
        phone.syncNow()
        phone.awaitText("平台已全部收到并核对")
        val phones = stage.order("phones")
        assertTrue("\"held\":3" in phones, phones)
        val case = stage.order("case first-case")
        assertTrue("\"whole\":true" in case && "\"state\":\"reported\"" in case, case)
        phone.show("visit-held")
    }

    private companion object {
        const val PROBLEM = "/data/found/problem"
    }
}
