package org.xuncha.core.tests

import com.sun.jna.Native
import java.util.concurrent.CountDownLatch
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.xuncha.core.Answer
import org.xuncha.core.AppException
import org.xuncha.core.Change
import org.xuncha.core.Observer

/** Whatever a shell's observer does, no call and no sync waits for it or breaks, and later changes still arrive. */
class Observers {
    private val told = LinkedBlockingQueue<Change>()
    private val letGo = CountDownLatch(1)

    @AfterTest
    fun nobodyStaysHeld() = letGo.countDown()

    /** The next notice of this kind. */
    private fun awaitChange(kind: Change) {
        while (checkNotNull(told.poll(1, TimeUnit.MINUTES)) { "no notice of $kind" } != kind) continue
    }

    /**
     * Calls into the core on its own thread, from inside a notice.
     *
     * When a call of native code into Kotlin ends, JNA takes the thread out of the JVM, also at the end of an inner call, such as
     * a future's that wakes its coroutine; with the outer one's frames still there the JVM refuses, and JNA prints that it “could
     * not detach thread”. So the thread stays until the outer call ends.
     */
    private fun callingBack(work: suspend () -> Unit) {
        Native.detach(false)
        try {
            runBlocking { work() }
        } finally {
            Native.detach(true)
        }
    }

    private suspend fun workAndSync(phone: Phone) {
        phone.patrol(photo = 4)
        phone.sync()
        val (made, held) = phone.counts()
        assertEquals(made, held)
    }

    /** Gives the phone an observer that sits in its first notice until it is let go; opens when it sits there. */
    private fun observedSlowly(phone: Phone): CountDownLatch {
        val entered = CountDownLatch(1)
        phone.app.observe(
            object : Observer {
                override fun changed(change: Change) {
                    entered.countDown()
                    letGo.await()
                    told.add(change)
                }
            },
        )
        return entered
    }

    @Test
    fun oneThatThrowsIsToldAgain() =
        runBlocking {
            val phone = Phone.of("p-wang")
            phone.app.observe(
                object : Observer {
                    override fun changed(change: Change) {
                        told.add(change)
                        error("the shell's own fault")
                    }
                },
            )
            workAndSync(phone)
            awaitChange(Change.SYNC)
            told.clear()
            phone.startPatrol()
            awaitChange(Change.DRAFTS)
        }

    @Test
    fun oneThatIsSlowHoldsNobodyUp() =
        runBlocking {
            val phone = Phone.of("p-wang")
            val entered = observedSlowly(phone)
            phone.startPatrol()
            assertTrue(entered.await(1, TimeUnit.MINUTES))
            // It sits in its first notice while all of this happens.
            workAndSync(phone)
            assertEquals(emptyList<Change>(), told.toList())
            letGo.countDown()
            awaitChange(Change.RECORDS)
        }

    @Test
    fun aPhoneIsPutDownThoughItsObserverDoesNotReturn() =
        runBlocking {
            val phone = Phone.of("p-wang")
            val entered = observedSlowly(phone)
            phone.startPatrol()
            assertTrue(entered.await(1, TimeUnit.MINUTES))
            val again = phone.reopened()
            assertEquals(1, again.app.today().drafts.size)
        }

    @Test
    fun oneThatCallsBackIsAnswered() =
        runBlocking {
            val phone = Phone.of("p-wang")
            val form = phone.startPatrol()
            phone.app.observe(
                object : Observer {
                    override fun changed(change: Change) {
                        callingBack {
                            phone.app.today()
                            phone.app.syncStatus()
                            if (change == Change.RECORDS) phone.app.syncNow()
                        }
                        phone.app.observe(this)
                        // Once: each answer is a change, of which it is told.
                        if (change == Change.RECORDS) form.answer("/data/where", Answer.Text("由观察者填写"))
                        told.add(change)
                    }
                },
            )
            workAndSync(phone)
            awaitChange(Change.RECORDS)
            assertEquals("由观察者填写", form.screen().questions().first().value?.raw)
            awaitChange(Change.DRAFTS)
        }

    @Test
    fun oneThatPutsThePhoneDownIsNotWaitedFor() =
        runBlocking {
            val phone = Phone.of("p-wang")
            phone.app.observe(
                object : Observer {
                    override fun changed(change: Change) {
                        if (change == Change.DRAFTS) callingBack { phone.app.shut() }
                        told.add(change)
                    }
                },
            )
            // The phone may be down before the call that began the draft comes back.
            try {
                phone.startPatrol()
            } catch (_: AppException.Closed) {}
            awaitChange(Change.DRAFTS)
            assertFailsWith<AppException.Closed> { phone.app.today() }
            assertEquals(1, Phone.at(phone.folder).app.today().drafts.size)
        }
}
