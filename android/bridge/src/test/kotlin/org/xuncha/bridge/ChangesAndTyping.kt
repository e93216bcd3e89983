package org.xuncha.bridge

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
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
            val heard = async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) { changes.of(Change.DRAFTS, Change.PHOTOS).take(3).toList() }
            changes.changed(Change.SITES)
            changes.changed(Change.PHOTOS)
            changes.changed(Change.EVERYTHING)
            assertEquals(listOf(Change.EVERYTHING, Change.PHOTOS, Change.EVERYTHING), withTimeout(5_000) { heard.await() })
        }

    @Test
    fun whatChangesDuringTheFirstReadingIsHeard() =
        runBlocking {
            val changes = Changes()
            val heard = mutableListOf<Change>()
            withTimeout(5_000) {
                changes.of(Change.SYNC).take(2).collect { change ->
                    if (heard.isEmpty()) changes.changed(Change.SYNC)
                    heard += change
                }
            }
            assertEquals(listOf(Change.EVERYTHING, Change.SYNC), heard)
        }

    @Test
    fun theNotifierIsNeverHeldUp() =
        runBlocking {
            val changes = Changes()
            // Nobody listens, or too slowly: telling still returns at once.
            withTimeout(5_000) { repeat(100_000) { changes.changed(Change.SYNC) } }
            assertEquals(Change.EVERYTHING, changes.of(Change.SYNC).first())
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
