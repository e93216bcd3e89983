package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.xuncha.core.Change
import org.xuncha.core.DraftRow
import org.xuncha.core.FormRow
import org.xuncha.core.StartFill
import org.xuncha.core.Today
import org.xuncha.core.VisitRow
import org.xuncha.core.app.AppInterface
import org.xuncha.core.app.FillSession

/** What the first screen shows. */
data class TodayState(
    /** Null until it was read once. */
    val today: Today? = null,
    val forms: List<FormRow> = emptyList(),
    /** A draft put away a moment ago, for “撤销”. */
    val discarded: String? = null,
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** Holds the first screen and reads it again when something of it changed. */
class TodayModel(
    private val app: AppInterface,
    private val language: String,
    changes: Changes,
    private val scope: CoroutineScope,
) {
    private val held = MutableStateFlow(TodayState())
    val state: StateFlow<TodayState> = held.asStateFlow()

    init {
        scope.launch {
            changes
                .of(Change.DRAFTS, Change.RECORDS, Change.CASES, Change.SITES, Change.SYNC, Change.PHOTOS)
                .collect { read() }
        }
    }

    private suspend fun read() {
        val today = orTell(language, ::tell) { app.today() } ?: return
        val forms = orTell(language, ::tell) { app.forms() } ?: return
        held.update { it.copy(today = today, forms = forms, problem = null) }
    }

    /** The form that “拍照上报” opens; null while the phone has none. */
    fun quickForm(): String? = held.value.forms.firstOrNull { it.quick }?.form

    /** Begins [form]. */
    suspend fun start(form: String): FillSession? = orTell(language, ::tell) { app.startFill(form, StartFill(null, null, null)) }

    /** Begins the visit's form at its site. */
    suspend fun start(visit: VisitRow): FillSession? =
        orTell(language, ::tell) { app.startFill(visit.form, StartFill(visit.site, visit.campaign, null)) }

    /** Begins [form] at [site]. */
    suspend fun start(
        form: String,
        site: String,
    ): FillSession? = orTell(language, ::tell) { app.startFill(form, StartFill(site, null, null)) }

    /** The draft with this name; null if it is gone. */
    suspend fun draft(id: String): DraftRow? = orTell(language, ::tell) { app.today() }?.drafts?.firstOrNull { it.id == id }

    /** Goes on with a draft. */
    suspend fun resume(draft: String): FillSession? = orTell(language, ::tell) { app.resumeFill(draft) }

    /** Puts a draft away, without asking: it can be undone. */
    fun discard(draft: String) {
        scope.launch {
            orTell(language, ::tell) { app.discardDraft(draft) } ?: return@launch
            held.update { it.copy(discarded = draft) }
        }
    }

    /** Brings the draft back. */
    fun undoDiscard() {
        val draft = held.value.discarded ?: return
        scope.launch {
            orTell(language, ::tell) { app.undoDiscard(draft) } ?: return@launch
            held.update { it.copy(discarded = null) }
        }
    }

    private fun tell(sentence: String) = held.update { it.copy(problem = sentence) }
}
