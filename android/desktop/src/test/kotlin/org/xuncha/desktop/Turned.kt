package org.xuncha.desktop

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** screens.md 4.0: in landscape the action zone is a column of 200 dp at the right, and turning the phone loses nothing. */
class Turned {
    private companion object {
        const val DESCRIPTION = "field:/data/what/description"
        const val ZONE_DP = 200f
    }

    @Test
    fun theZoneIsAColumnAtTheRightAndWhatWasTypedStays() =
        OnStage.play {
            val phone = phone("p-wang")
            phone.turned {
                phone.awaitTag("code")
                phone.zoneIsAtTheRight("main", "code")
                phone.showTurned("enrol-code")
            }
            phone.enrol("p-wang")
            phone.turned {
                phone.zoneIsAtTheRight("report", "safety")
                phone.showTurned("today-empty")
            }
            phone.tap("report")
            phone.awaitPhotos(1)
            phone.tap("choice:matter-06010")
            phone.tap("choice:matter-06010.small")
            phone.typeWhereTheCursorIs(DESCRIPTION, "装修垃圾一堆")
            phone.turned {
                phone.scrollTo("form", DESCRIPTION)
                assertEquals("装修垃圾一堆", phone.typed(DESCRIPTION))
                phone.zoneIsAtTheRight("main", "form")
                phone.showTurned("street-filled")
                phone.tap("main")
                phone.awaitTag("to-today")
                phone.zoneIsAtTheRight("to-today", "finished")
                phone.showTurned("street-finished")
                phone.tap("to-today")
                phone.tap("safety")
                phone.zoneIsAtTheRight("sync-now", "sync")
                phone.showTurned("sync-waiting")
            }
        }

    private fun Handset.zoneIsAtTheRight(
        button: String,
        content: String,
    ) {
        val zone = TURNED_ACROSS_DP - ZONE_DP
        val pressed = bounds(button)
        assertTrue(pressed.left >= zone && pressed.right <= TURNED_ACROSS_DP, "$button at $pressed")
        assertTrue(bounds(content).right <= zone, "$content at ${bounds(content)}")
    }
}
