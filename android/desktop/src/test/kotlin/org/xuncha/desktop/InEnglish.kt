package org.xuncha.desktop

import kotlin.test.Test
import org.xuncha.bridge.LedgerState
import org.xuncha.core.CaseMove

/** The second language: the same way, longer words, nothing cut, and no word of the first one. */
class InEnglish {
    @Test
    fun aProblemIsReportedAndComesBackAsACase() =
        OnStage.play {
            val phone = phone("p-wang", "en")
            phone.awaitTag("code")
            phone.show("enrol-code")
            phone.tap("paste")
            phone.awaitTag("problem")
            phone.type("code", "nonsense")
            phone.tap("main")
            phone.awaitTag("problem")
            phone.readInEnglish("enrol-refused")
            phone.retype("code", "")
            phone.enrol("p-wang") { phone.show("enrol-you") }
            phone.readInEnglish("today-empty")
            stage.order("weather down")
            report(phone)
            handIn(phone)
            comesBack(phone)
            atTheHandlers()
        }

    private fun report(phone: Handset) {
        phone.tap("report")
        phone.awaitPhotos(1)
        phone.readInEnglish("street-begun")
        phone.tapIn("form", "search:/data/what/category")
        phone.type("search-field", "litter")
        phone.show("street-search")
        phone.tap("found")
        phone.tapIn("form", "choice:matter-06010.small")
        phone.tapIn("form", "how")
        phone.typeIn("form", "field:/data/what/description", "Building rubble beside the street sign")
        phone.tapIn("form", "position:/data/what/position")
        phone.awaitText("35.21000° N")
        phone.show("street-filled")
        phone.awaitMain("Finish")
        phone.tap("main")
        phone.awaitTag("to-today")
        phone.show("street-finished")
        phone.tap("to-today")
        phone.awaitText("on this phone")
        phone.show("today-waiting")
    }

    private fun OnStage.handIn(phone: Handset) {
        phone.tap("safety")
        phone.show("sync-waiting")
        phone.syncNow()
        phone.awaitText("No network now")
        phone.show("sync-offline")
        phone.tap("back")
        phone.awaitText("Offline")
        phone.readInEnglish("today-offline")
        stage.order("weather fair")
        phone.tap("safety")
        phone.syncNow()
        phone.awaitText("the hub has all, checked")
        phone.show("sync-held")
        phone.tap("back")
        phone.tap("bar-mine")
        phone.show("mine")
    }

    private fun OnStage.comesBack(phone: Handset) {
        stage.order("accept first-case")
        stage.order("dispatch first-case to h-li within 4 working_hours")
        phone.tap("to-sync")
        phone.syncNow()
        phone.tap("back")
        phone.tap("bar-ledger")
        phone.awaitText("working hours")
        phone.show("ledger")
        phone.type("ledger-search", "nothing like it")
        phone.awaitTag("clear-filter")
        phone.readInEnglish("ledger-empty")
        phone.tap("clear-filter")
        phone.tap("case")
        phone.tap("how")
        phone.awaitTag("explained")
        phone.show("case")
    }

    /** What a handler sees: a move that came too late, a rectification, an overdue case. */
    private fun OnStage.atTheHandlers() {
        val phone = phone("h-li", "en")
        phone.enrol("h-li")
        phone.awaitText("My cases 1")
        phone.show("today-cases")
        stage.order("weather down")
        phone.behindTheScreens {
            moveCase(cases(LedgerState().filter).rows.single().id, CaseMove.Receive("Going there today"))
        }
        phone.tap("case")
        phone.awaitText("on this phone")
        phone.readInEnglish("case-waiting")
        phone.tap("back")
        stage.order("""move first-case as h-li {"type":"receive","note":"with the other phone"}""")
        stage.order("weather fair")
        phone.tap("safety")
        phone.syncNow()
        phone.awaitTag("refused")
        phone.show("sync-refused")
        phone.tap("leave")
        phone.tap("back")
        stage.order("clock +66600000")
        phone.tap("safety")
        phone.syncNow()
        phone.tap("back")
        phone.awaitText("overdue")
        phone.readInEnglish("today-overdue")
    }

    @Test
    fun everyKindOfQuestionIsAsked() =
        OnStage.play {
            stage.form(everyKind(), ENTERPRISE)
            val phone = phone("p-dongcheng", "en")
            phone.enrol("p-dongcheng")
            phone.awaitTag("visit")
            phone.readInEnglish("today-visits")
            phone.tap("bar-near")
            phone.awaitTag("site")
            phone.show("near")
            phone.tap("bar-mine")
            phone.tapIn("mine", "form-every_kind")
            typed(phone)
            placed(phone)
            checked(phone)
            asDraft(phone)
            visit(phone)
        }

    private fun typed(phone: Handset) {
        phone.awaitMain("Next: Name")
        phone.tap("missing-line")
        phone.awaitTag("missing-row")
        phone.show("every-missing")
        phone.tap("back-to-place")
        phone.typeIn("form", "field:/data/what/name", "Manhole cover")
        phone.typeIn("form", "field:/data/what/count", "three")
        phone.awaitTag("problem")
        phone.typeIn("form", "field:/data/what/height", "30")
        phone.awaitText("0.5 to 3 m")
        phone.tapIn("form", "guidance")
        phone.tapIn("form", "today:/data/what/day")
        phone.tapIn("form", "change:/data/what/day")
        phone.tapIn("form", "now:/data/what/moment")
        phone.tapIn("form", "change:/data/what/moment")
        phone.show("every-typed")
        phone.retype("field:/data/what/count", "3")
        phone.retype("field:/data/what/height", "2.5")
        phone.tapIn("form", "choice:bad")
        phone.tapIn("form", "choice:washer")
        phone.tapIn("form", "choice:tape")
        phone.readInEnglish("every-chosen")
        phone.awaitMain("Next page: Place (2/4)")
        phone.tap("main")
    }

    private fun placed(phone: Handset) {
        phone.tap("choice:west")
        phone.tapIn("form", "choice:xueyuan")
        phone.tapIn("form", "search:/data/where/project")
        phone.type("search-field", "4321")
        phone.awaitText("With “4321”")
        phone.readInEnglish("every-search")
        phone.tap("found")
        phone.tapIn("form", "search:/data/where/project")
        phone.awaitText("All")
        phone.type("search-field", "nowhere")
        phone.awaitText("Nothing with")
        phone.readInEnglish("every-search-nothing")
        phone.tap("back")
        phone.tapIn("form", "position:/data/where/spot")
        phone.tapIn("form", "camera:/data/where/before")
        phone.awaitPhotos(1)
        phone.tapIn("form", "file:/data/where/paper")
        phone.awaitMain("Next page: Check (3/4)")
        phone.show("every-placed")
        phone.tap("main")
    }

    private fun checked(phone: Handset) {
        phone.typeIn("form", "field:/data/check/why", "A corner is missing")
        phone.tapIn("form", "ack:/data/check/sure")
        phone.readInEnglish("every-checked")
        phone.tap("main")
        phone.tap("add-repeat")
        phone.tap("choice:lamp")
        phone.readInEnglish("every-part")
        phone.tap("previous")
        phone.awaitTag("card-1")
        phone.show("every-parts")
    }

    /** Left half filled: kept, said so, listed, put away and brought back. */
    private fun asDraft(phone: Handset) {
        phone.tap("back")
        phone.tap("bar-today")
        phone.awaitTag("draft")
        phone.readInEnglish("today-draft")
        phone.tap("menu")
        phone.tap("delete-draft")
        phone.awaitTag("undo-discard")
        phone.readInEnglish("today-deleted")
        phone.tap("undo-discard")
        phone.awaitTag("draft")
    }

    private fun visit(phone: Handset) {
        phone.tap("visit")
        phone.tapIn("form", "choice:leaders")
        phone.typeIn("form", "field:/data/who/visitors", "Wang, Li")
        phone.readInEnglish("visit-who")
        phone.tap("main")
        phone.tap("choice:yes")
        phone.tapIn("form", "card-1")
        phone.tap("choice:problem")
        phone.tapIn("form", "search:/data/found/problem[1]/topic")
        phone.type("search-field", "water")
        phone.tap("found")
        phone.typeIn("form", "field:/data/found/problem[1]/description", "No water on the third floor")
        phone.readInEnglish("visit-problem")
        phone.tap("previous")
        phone.awaitTag("card-1")
        phone.show("visit-cards")
        phone.tap("missing-line")
        phone.tap("missing-row")
        phone.awaitMain("Back to the list")
        phone.readInEnglish("visit-from-missing")
    }
}
