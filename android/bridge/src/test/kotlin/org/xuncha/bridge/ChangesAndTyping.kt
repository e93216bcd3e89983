package org.xuncha.bridge

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.xuncha.core.Answer
import org.xuncha.core.Change
import org.xuncha.core.QuestionKind

class ChangesAndTyping {
    @Test
    fun aListenerHearsAtOnceAndThenOnlyOfItsKinds() =
        runBlocking {
            val changes = Changes()
            var heard = 0
            val listening = launch(Dispatchers.Unconfined) { changes.of(Change.DRAFTS, Change.PHOTOS).collect { heard++ } }
            assertEquals(1, heard)
            changes.changed(Change.SITES)
            assertEquals(1, heard)
            changes.changed(Change.PHOTOS)
            changes.changed(Change.EVERYTHING)
            assertEquals(3, heard)
            listening.cancel()
        }

    @Test
    fun whatChangesDuringTheFirstReadingIsHeard() =
        runBlocking {
            val changes = Changes()
            var heard = 0
            withTimeout(5_000) { changes.of(Change.SYNC).take(2).collect { if (heard++ == 0) changes.changed(Change.SYNC) } }
            assertEquals(2, heard)
        }

    @Test
    fun oneThatIsSlowHearsOfItsOwnKindWhateverElseHappened() =
        runBlocking {
            val changes = Changes()
            var heard = 0
            withTimeout(5_000) {
                changes.of(Change.CASES).take(2).collect {
                    if (heard++ == 0) {
                        changes.changed(Change.CASES)
                        repeat(10_000) { changes.changed(Change.SYNC) }
                    }
                }
            }
            assertEquals(2, heard)
        }

    @Test
    fun theNotifierIsNeverHeldUp() =
        runBlocking {
            val changes = Changes()
            // Nobody listens, or too slowly: telling still returns at once.
            withTimeout(5_000) { repeat(100_000) { changes.changed(Change.SYNC) } }
            changes.of(Change.SYNC).first()
        }

    @Test
    fun typedTextBecomesTheQuestionsType() {
        assertEquals(Answer.Integer(12), typedAnswer(QuestionKind.INTEGER, " 12 "))
        assertEquals(Answer.Decimal(2.5), typedAnswer(QuestionKind.DECIMAL, "2.5"))
        assertEquals(Answer.Text("三米"), typedAnswer(QuestionKind.DECIMAL, "三米"))
        assertEquals(Answer.Empty, typedAnswer(QuestionKind.TEXT, "  "))
        assertEquals(Answer.Text(" 路口 "), typedAnswer(QuestionKind.TEXT, " 路口 "))
    }
}
