package org.xuncha.core.tests

import java.io.File
import java.util.concurrent.TimeUnit
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.xuncha.core.Answer
import org.xuncha.core.AppException
import org.xuncha.core.CaseMove
import org.xuncha.core.OutcomeChoice
import org.xuncha.core.SyncKind

/** The main job through Kotlin: filled offline, brought in, dispatched, rectified. */
class OneVisit {
    @Test
    fun aPatrolFilledOfflineComesBackAsACaseAndIsRectifiedWithEvidence() =
        runBlocking {
            val inspector = Phone.of("p-wang")
            val done =
                Office.weather("down") {
                    val done = inspector.patrol(photo = 1)
                    assertEquals(SyncKind.OFFLINE, inspector.app.syncNow().kind)
                    done
                }
            assertEquals(listOf<ULong>(3u, 0u, 1u, 0u), inspector.counts(), "a record and two cases, all here only")
            inspector.sync()
            assertEquals(listOf<ULong>(3u, 3u, 1u, 1u), inspector.counts())

            val record = Office.order("record ${done.recordId}")
            assertEquals(done.cases.toSet(), record.list("cases").map { it.toString().trim('"') }.toSet())
            val photo = record.rows("photos").single()
            assertTrue(photo.flag("whole"))
            val bytes = File(Office.order("photo ${photo.text("id")}").text("path")).readBytes()
            assertContentEquals(File(Office.shot(1).path).readBytes(), bytes, "the original, unchanged")

            val case = done.cases.first()
            assertEquals("applied", Office.order("accept $case").text("verdict"))
            assertEquals("applied", Office.order("dispatch $case to h-li").text("verdict"))
            assertEquals("refused", Office.order("close $case").text("verdict"), "an assignment closes nothing")

            val handler = Phone.of("h-li")
            assertTrue(handler.app.today().cases.any { it.id == case })
            val seen = handler.app.caseView(case)
            assertEquals("rectify", seen.moves.first { it.main }.kind)
            val bare = assertFailsWith<AppException.Invalid> { handler.app.moveCase(case, rectified(emptyList())) }
            assertTrue(bare.zh.isNotEmpty())
            val after = handler.app.attachCasePhoto(case, Office.shot(2))
            handler.app.moveCase(case, rectified(listOf(after.id)))
            handler.sync()

            val at = Office.order("case $case")
            assertEquals("rectified", at.text("state"))
            assertTrue(at.rows("photos").all { it.flag("whole") })
            inspector.sync()
            assertEquals(handler.app.caseView(case).row.stateWord, inspector.app.caseView(case).row.stateWord)
        }

    private fun rectified(photos: List<String>) = CaseMove.Rectify(OutcomeChoice.Resolved, "已清运", photos)

    @Test
    fun aPhoneThatIsPutDownFindsItsDraftWhereItWasLeft() =
        runBlocking {
            val phone = Phone.of("p-wang")
            val form = phone.startPatrol()
            phone.fill(form, photo = 3)
            form.shut()
            assertFailsWith<AppException.Closed> { form.screen() }
            val again = phone.reopened()
            assertFailsWith<AppException.Closed> { phone.app.today() }
            val draft = again.app.today().drafts.single()
            val resumed = again.app.resumeFill(draft.id)
            assertEquals(emptyList(), resumed.missing())
            val words = resumed.goTo("/data/find[1]/words").questions()
            assertEquals("装修垃圾一堆", words.first { it.at == "/data/find[1]/words" }.value?.raw)
            assertEquals(1, words.first { it.at == "/data/find[1]/photo" }.photos.size)
            val done = resumed.finish()
            again.sync()
            assertEquals(2, Office.order("record ${done.recordId}").list("cases").size)
        }

    @Test
    fun aProcessThatIsKilledLosesNothingThatWasSaved() =
        runBlocking {
            val phone = Phone.of("p-wang")
            phone.app.shut()
            val java = File(System.getProperty("java.home"), "bin/java").path
            val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
            val words = listOf(java, library, "-cp", System.getProperty("java.class.path"), KilledPhone::class.java.name, phone.folder.path)
            val killed = ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start()
            assertEquals("saved", killed.inputReader().readLine())
            killed.destroyForcibly().waitFor(1, TimeUnit.MINUTES)
            val again = Phone.at(phone.folder)
            val resumed = again.app.resumeFill(again.app.today().drafts.single().id)
            assertEquals("人民路56号", resumed.screen().questions().first().value?.raw)
        }
}

/** Fills one answer, says when it is saved, and stays until it is killed. */
object KilledPhone {
    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val form = Phone.at(File(arguments[0])).startPatrol()
            form.answer("/data/where", Answer.Text("人民路56号"))
            while (!form.screen().saved) Thread.sleep(5)
            println("saved")
            Thread.sleep(Long.MAX_VALUE)
        }
}
