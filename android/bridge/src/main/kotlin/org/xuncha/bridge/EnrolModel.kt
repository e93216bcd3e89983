package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.xuncha.core.AppException
import org.xuncha.core.EnrolPreview
import org.xuncha.core.Identity
import org.xuncha.core.app.AppInterface

/** What the first start shows. */
data class EnrolState(
    /** The code as typed or pasted. */
    val code: String = "",
    /** Whose code it is; null while it is none. */
    val preview: EnrolPreview? = null,
    /** Enrolled as this person: is it you? */
    val identity: Identity? = null,
    val busy: Boolean = false,
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** Enrols the phone with a code. */
class EnrolModel(
    private val app: AppInterface,
    language: String,
    scope: CoroutineScope,
) {
    private val held = MutableStateFlow(EnrolState())
    val state: StateFlow<EnrolState> = held.asStateFlow()
    private val busy =
        OneAtATime(
            scope,
            language,
            { now -> held.update { it.copy(busy = now, problem = if (now) null else it.problem) } },
            { sentence -> held.update { it.copy(problem = sentence) } },
        )

    /** Reads the code as it is typed; nothing is done with it yet. */
    fun type(text: String) {
        val preview =
            try {
                app.checkCode(text)
            } catch (_: AppException) {
                null
            }
        held.update { it.copy(code = text, preview = preview, problem = null) }
    }

    /** Enrols with the code. */
    fun enrol() =
        busy {
            val identity = app.enrol(held.value.code)
            held.update { it.copy(identity = identity, code = "", preview = null) }
        }

    /** 不是我: the phone is nobody's again. */
    fun notMe() =
        busy {
            app.signOut()
            held.update { it.copy(identity = null) }
        }
}
