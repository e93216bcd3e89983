package org.xuncha.desktop

import java.io.File
import kotlin.test.Test
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What each enterprise of the form's register is called, before its number. */
internal const val ENTERPRISE = "样例项目"

private const val PROJECTS = 20_000

/** The form of every kind of question, with a register of thousands. */
internal fun everyKind(): File {
    val text = EveryQuestion::class.java.getResource("/every_kind.xml")!!.readText()
    val items = (1..PROJECTS).joinToString("") { "<item><name>p$it</name><label>$ENTERPRISE$it · 东城区</label></item>" }
    return File.createTempFile("every-kind", ".xml").apply {
        deleteOnExit()
        writeText(text.replace("<!-- projects -->", items))
    }
}

/** Every kind of question that the forms know, filled by its own control, in the real engine. */
class EveryQuestion {
    @Test
    fun everyKindIsFilledByItsOwnControl() =
        OnStage.play {
            stage.form(everyKind(), ENTERPRISE)
            val phone = phone("p-wang")
            phone.enrol("p-wang")
            phone.tap("bar-mine")
            phone.tapIn("mine", "form-every_kind")
            typed(phone)
            placed(phone)
            checked(phone)
            parts(phone)
            phone.awaitMain("完成")
            phone.tap("main")
            phone.tap("to-today")
            phone.tap("safety")
            phone.syncNow()
            phone.awaitText("平台已全部收到并核对")
            assertTrue("\"held\":1" in stage.order("phones"))
        }

    /** Text, integer, decimal with its rule, date, moment, one choice, several. */
    private fun typed(phone: Handset) {
        phone.awaitMain("下一项：名称")
        phone.tap("main")
        phone.typeWhereTheCursorIs("field:/data/what/name", "雨水井盖")
        phone.typeIn("form", "field:/data/what/count", "三")
        phone.awaitTag("problem")
        phone.retype("field:/data/what/count", "3")
        phone.typeIn("form", "field:/data/what/height", "30")
        phone.awaitText("高度应在0.5到3米之间")
        phone.show("every-typed")
        phone.retype("field:/data/what/height", "2.5")
        phone.awaitGone("高度应在0.5到3米之间")
        phone.tapIn("form", "today:/data/what/day")
        phone.tapIn("form", "now:/data/what/moment")
        phone.tapIn("form", "choice:bad")
        phone.tapIn("form", "choice:washer")
        phone.tapIn("form", "choice:tape")
        phone.awaitMain("下一页：地点（2/4）")
        phone.show("every-chosen")
        phone.tap("main")
    }

    /** A cascade, a position, a photo, a file. */
    private fun placed(phone: Handset) {
        phone.tap("choice:east")
        phone.awaitTag("choice:renmin")
        assertFalse(phone.has("choice:xueyuan"))
        phone.tap("choice:west")
        phone.awaitTag("choice:xueyuan")
        assertFalse(phone.has("choice:renmin"))
        phone.tap("choice:xueyuan")
        search(phone)
        phone.tapIn("form", "position:/data/where/spot")
        phone.awaitText("113.24")
        phone.tapIn("form", "camera:/data/where/before")
        phone.awaitPhotos(1)
        phone.tapIn("form", "file:/data/where/paper")
        phone.awaitMain("下一页：核对（3/4）")
        phone.show("every-placed")
        phone.tap("main")
    }

    /** Thousands of choices: found while one types, by any part of the name. */
    private fun search(phone: Handset) {
        phone.tapIn("form", "search:/data/where/project")
        phone.awaitText("共${"%,d".format(PROJECTS)}项")
        phone.type("search-field", "项目43")
        phone.awaitText("含“项目43”")
        phone.retype("search-field", "样例项目4321")
        phone.awaitText("含“样例项目4321” 1项")
        phone.show("every-search")
        phone.tap("found")
    }

    /** A note, the place where the form was begun (nobody was asked for it), a calculation that is only shown, a question that follows from an answer, a sentence to confirm. */
    private fun checked(phone: Handset) {
        phone.awaitText("只记录看到的事实")
        phone.awaitText("35.21")
        phone.awaitText("6")
        phone.typeIn("form", "field:/data/check/why", "井盖缺角")
        phone.tapIn("form", "ack:/data/check/sure")
        phone.show("every-checked")
        phone.awaitMain("下一页：部件（4/4）")
        phone.tap("main")
    }

    private fun parts(phone: Handset) {
        phone.tap("add-repeat")
        phone.tap("choice:lamp")
        phone.typeWhereTheCursorIs("field:/data/part[1]/words", "灯罩脱落")
        phone.tap("main")
        phone.awaitText("填齐")
        phone.show("every-parts")
    }
}
