package org.xuncha.ui

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.xuncha.bridge.CaseModel
import org.xuncha.bridge.Changes
import org.xuncha.bridge.Device
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.LedgerModel
import org.xuncha.bridge.NearModel
import org.xuncha.bridge.SyncModel
import org.xuncha.bridge.TodayModel
import org.xuncha.core.DraftRow
import org.xuncha.core.FormRow
import org.xuncha.core.VisitRow
import org.xuncha.core.app.App
import org.xuncha.core.app.FillSession

/** A form that was left: its draft, and how much is missing, in words. */
internal data class Left(
    val draft: String,
    val missingLine: String,
)

/** Where the person is and how they get elsewhere. Back leads one step towards 今日 and never asks. */
internal class Walk(
    private val app: App,
    private val changes: Changes,
    private val device: Device,
    val shell: Shell,
    private val scope: CoroutineScope,
) {
    val language = shell.language
    val today = TodayModel(app, language, changes, scope)
    val sync = SyncModel(app, language, changes, scope)
    val ledger by lazy { LedgerModel(app, language, changes, scope) }
    val near by lazy { NearModel(app, device, language, changes, scope) }

    /** Null until the place of the last time is found again. */
    var place by mutableStateOf<Place?>(null)
        private set

    /** The form that was just left. */
    var left by mutableStateOf<Left?>(null)
        private set

    fun go(to: Place) {
        if (to is Place.Form) left = null
        shell.place = to.word
        place = to
    }

    /** Back where the person was when the process ended: same page, same text. The first time: fetch what there is. */
    suspend fun comeBack() {
        val word = shell.place
        when {
            word.startsWith(Place.CASE) -> case(word.removePrefix(Place.CASE), Place.Tab.TODAY)
            word.startsWith(Place.FORM) -> {
                val draft = today.draft(word.removePrefix(Place.FORM))
                val session = draft?.let { today.resume(it.id) }
                if (draft == null || session == null) go(Place.Tab.TODAY) else form(session, Place.Tab.TODAY) { today.start(draft.form) }
            }
            word == "sync" -> go(Place.Sync(Place.Tab.TODAY))
            else -> go(Place.tab(word))
        }
        if (app.syncStatus().lastSyncMs == 0L) sync.syncNow()
    }

    fun case(
        id: String,
        from: Place.Tab,
    ) = go(Place.Case(CaseModel(app, id, language, changes, scope), from))

    fun resume(draft: DraftRow) = open(Place.Tab.TODAY, again = { today.start(draft.form) }) { today.resume(draft.id) }

    /** 继续填. */
    fun goOn(left: Left) {
        scope.launch { today.draft(left.draft)?.let(::resume) }
    }

    fun visit(row: VisitRow) = open(Place.Tab.TODAY, again = { today.start(row) }) { today.start(row) }

    fun fill(
        from: Place.Tab,
        form: FormRow,
    ) {
        val start: suspend () -> FillSession? = { today.start(form.form) }
        open(from, again = start, start = start)
    }

    /** 拍照上报, at a site if one is given: the camera before anything is read or typed. */
    fun report(
        from: Place.Tab,
        site: String? = null,
    ) {
        val form = today.quickForm() ?: return
        val start: suspend () -> FillSession? = { if (site == null) today.start(form) else today.start(form, site) }
        open(from, camera = true, again = start, start = start)
    }

    fun open(
        from: Place.Tab,
        camera: Boolean = false,
        again: suspend () -> FillSession?,
        start: suspend () -> FillSession?,
    ) {
        scope.launch {
            val session = start() ?: return@launch
            val model = form(session, from, again)
            if (camera) model.cameraFirst()
        }
    }

    /** The draft stays. */
    fun leave(
        form: Place.Form,
        missingLine: String,
    ) {
        scope.launch { form.model.close() }
        go(form.from)
        left = Left(form.model.draft, missingLine)
    }

    private fun form(
        session: FillSession,
        from: Place.Tab,
        again: suspend () -> FillSession?,
    ): FormModel = FormModel(session, device, language, changes, scope).also { go(Place.Form(it, from, again)) }
}
