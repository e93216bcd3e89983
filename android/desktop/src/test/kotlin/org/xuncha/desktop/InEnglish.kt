package org.xuncha.desktop

import kotlin.test.Test

/** The second language: the same way, longer words, nothing cut. */
class InEnglish {
    @Test
    fun aProblemIsReportedAndHandedInInEnglish() =
        OnStage.play {
            val phone = phone("p-wang", "en")
            phone.awaitTag("code")
            phone.show("enrol-code")
            phone.enrol("p-wang")
            stage.order("weather down")
            phone.tap("report")
            phone.awaitPhotos(1)
            phone.tapIn("form", "search:/data/what/category")
            phone.type("search-field", "litter")
            phone.tap("found")
            phone.tapIn("form", "choice:matter-06010.small")
            phone.typeWhereTheCursorIs("field:/data/what/description", "Building rubble beside the street sign")
            phone.show("street-filled")
            phone.awaitMain("Finish")
            phone.tap("main")
            phone.tap("to-today")
            phone.awaitText("on this phone")
            phone.show("today-waiting")
            stage.order("weather fair")
            phone.tap("safety")
            phone.tap("sync-now")
            phone.awaitText("the hub has all, checked")
            phone.show("sync-held")
            phone.tap("back")
            phone.tap("bar-mine")
            phone.show("mine")
        }
}
