package org.xuncha.bridge

import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.xuncha.core.AppException
import org.xuncha.core.app.errorSentence

/** The sentence that a person reads for a failed call. */
fun AppException.sentence(language: String): String =
    when (this) {
        is AppException.Invalid -> if (language.startsWith("en")) en else zh
        else -> errorSentence(this, language)
    }

/** One piece of work at a time: what is asked for while one is being done is left undone, as a second press is. */
internal class OneAtATime(
    private val scope: CoroutineScope,
    private val language: String,
    /** Told when work begins and when it ends. */
    private val busy: (Boolean) -> Unit,
    /** Told the sentence of a failure. */
    private val failed: (String) -> Unit,
) {
    private val running = AtomicBoolean()

    operator fun invoke(work: suspend () -> Unit) {
        if (!running.compareAndSet(false, true)) return
        busy(true)
        scope.launch {
            try {
                orTell(language, failed) { work() }
            } finally {
                busy(false)
                running.set(false)
            }
        }
    }
}

/** Runs [call]; a failure goes as a sentence to [failed], and null comes back. Cancelling stays cancelling. */
internal inline fun <T : Any> orTell(
    language: String,
    failed: (String) -> Unit,
    call: () -> T?,
): T? =
    try {
        call()
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (error: AppException) {
        failed(error.sentence(language))
        null
    }
