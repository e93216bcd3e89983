package org.xuncha.core.tests

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.xuncha.core.AppException
import org.xuncha.core.RecordFilter
import org.xuncha.core.SyncKind

/** What breaks inside or lets go outside leaves the app as it was. */
class Faults {
    @Test
    fun aPanicInsideIsATypedErrorAndTheAppGoesOn() =
        runBlocking {
            val phone = Phone.of("p-wang")
            val form = phone.startPatrol()
            for (round in 1..3) {
                val now = assertFailsWith<AppException.Internal> { phone.app.crashNow() }
                val later = assertFailsWith<AppException.Internal> { phone.app.crashLater() }
                for (error in listOf(now, later)) assertFalse("asked to" in error.message, "a panic's words may quote an answer")
            }
            phone.fill(form, photo = 5)
            val done = form.finish()
            phone.sync()
            assertEquals(2, Office.order("record ${done.recordId}").list("cases").size)
        }

    @Test
    fun aCallerThatGoesAwayWhileFinalizingLeavesTheRecordOrTheDraft() =
        runBlocking {
            val phone = Phone.of("p-wang")
            repeat(20) { round ->
                val form = phone.startPatrol()
                phone.fill(form, photo = 6)
                val finishing = launch(start = CoroutineStart.UNDISPATCHED) { form.finish() }
                repeat(round % 4) { yield() }
                finishing.cancelAndJoin()
                // What was begun goes on without its caller: a second call finds it done, or does it.
                try {
                    form.finish()
                } catch (_: AppException.Closed) {
                    // The first one did it.
                }
            }
            // Whatever was posted before is done when the writer has done this.
            phone.app.discardDraft(phone.startPatrol().draftId())
            val rows = phone.app.records(RecordFilter(null, null, 0u, 100u))
            assertEquals(20 to 0, rows.size to phone.app.today().drafts.size)
            phone.sync()
            assertEquals(listOf<ULong>(60u, 60u, 1u, 1u), phone.counts(), "20 records with two cases each, of one photo")
        }

    @Test
    fun aCallerThatGoesAwayWhileSyncingCostsNothing() =
        runBlocking {
            val phone = Phone.of("p-wang")
            val done = phone.patrol(photo = 1)
            for (sky in listOf("silent", "cut 3000", "fair")) {
                Office.weather(sky) {
                    val syncing = launch(start = CoroutineStart.UNDISPATCHED) { phone.app.syncNow() }
                    delay(50)
                    syncing.cancelAndJoin()
                }
            }
            // A call may join the one that was cut: ask until one of them ends well.
            while (phone.app.syncNow().kind != SyncKind.DONE) yield()
            assertEquals(listOf<ULong>(3u, 3u, 1u, 1u), phone.counts())
            assertEquals(2, Office.order("record ${done.recordId}").list("cases").size)
        }
}
