package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.xuncha.core.CaseView
import org.xuncha.core.Change
import org.xuncha.core.app.AppInterface

/** What a case's page shows. */
data class CaseState(
    /** Null until it was read once. */
    val case: CaseView? = null,
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** Holds one case and its history. */
class CaseModel(
    private val app: AppInterface,
    val id: String,
    private val language: String,
    changes: Changes,
    scope: CoroutineScope,
) {
    private val held = MutableStateFlow(CaseState())
    val state: StateFlow<CaseState> = held.asStateFlow()
    private val listening: Job = scope.launch { changes.of(Change.CASES, Change.PHOTOS, Change.SYNC).collect { read() } }

    private suspend fun read() {
        val case = orTell(language, ::tell) { app.caseView(id) } ?: return
        held.update { CaseState(case) }
    }

    /** The page is left: nothing is read any more. */
    fun close() = listening.cancel()

    private fun tell(sentence: String) = held.update { it.copy(problem = sentence) }
}
