package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.xuncha.core.Change
import org.xuncha.core.SyncOutcome
import org.xuncha.core.SyncStatus
import org.xuncha.core.app.AppInterface

/** What 入库情况 shows. */
data class SyncState(
    /** Null until it was read once. */
    val status: SyncStatus? = null,
    /** How the last sync of this screen ended; null before one. */
    val outcome: SyncOutcome? = null,
    /** Is a sync asked for and not ended? */
    val running: Boolean = false,
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** Holds how much of the work is where, and brings it to the hub when asked. */
class SyncModel(
    private val app: AppInterface,
    private val language: String,
    changes: Changes,
    private val scope: CoroutineScope,
) {
    private val held = MutableStateFlow(SyncState())
    val state: StateFlow<SyncState> = held.asStateFlow()
    private val sync =
        OneAtATime(scope, language, { now -> held.update { it.copy(running = now, problem = if (now) null else it.problem) } }, ::tell)

    init {
        scope.launch { changes.of(Change.SYNC, Change.RECORDS, Change.CASES, Change.PHOTOS).collect { read() } }
    }

    private suspend fun read() {
        val status = orTell(language, ::tell) { app.syncStatus() } ?: return
        held.update { it.copy(status = status) }
    }

    /** 立即上传. A second press while one runs does nothing. */
    fun syncNow() =
        sync {
            val outcome = orTell(language, ::tell) { app.syncNow() }
            held.update { it.copy(outcome = outcome) }
            read()
        }

    /** Asks a running sync to stop soon. */
    fun cancel() {
        orTell(language, ::tell) { app.cancelSync() }
    }

    /** 按现状重新提交. */
    fun reapply(op: String) = act { app.reapply(op) }

    /** 留作记录. */
    fun leave(op: String) = act { app.leaveRefused(op) }

    private fun act(call: suspend () -> Any) {
        scope.launch {
            orTell(language, ::tell) { call() } ?: return@launch
            read()
        }
    }

    private fun tell(sentence: String) = held.update { it.copy(problem = sentence) }
}
