package org.xuncha.bridge

import kotlinx.coroutines.CancellationException
import org.xuncha.core.AppException
import org.xuncha.core.app.errorSentence

/** The sentence that a person reads for a failed call. */
fun AppException.sentence(language: String): String =
    when (this) {
        is AppException.Invalid -> if (language.startsWith("en")) en else zh
        else -> errorSentence(this, language)
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
