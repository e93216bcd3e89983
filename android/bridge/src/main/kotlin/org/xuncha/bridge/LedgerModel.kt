package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.xuncha.core.CaseFilter
import org.xuncha.core.CasePage
import org.xuncha.core.Change
import org.xuncha.core.app.AppInterface

/** So many rows at first, and so many more each time. */
private const val PAGE = 50u

private val ALL =
    CaseFilter(text = "", mine = false, open = false, overdue = false, state = null, site = null, offset = 0u, limit = PAGE)

/** What 台账 shows. */
data class LedgerState(
    val filter: CaseFilter = ALL.copy(open = true),
    /** Null until it was read once. */
    val page: CasePage? = null,
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** Holds the list of cases that this person may see. */
class LedgerModel(
    private val app: AppInterface,
    private val language: String,
    changes: Changes,
    private val scope: CoroutineScope,
) {
    private val held = MutableStateFlow(LedgerState())
    val state: StateFlow<LedgerState> = held.asStateFlow()

    init {
        scope.launch { changes.of(Change.CASES, Change.SYNC).collect { read() } }
    }

    private suspend fun read() {
        val filter = held.value.filter
        val page = orTell(language, ::tell) { app.cases(filter) } ?: return
        // Typed on meanwhile: the later answer is on its way.
        held.update { if (it.filter == filter) it.copy(page = page, problem = null) else it }
    }

    fun search(text: String) = filter { it.copy(text = text, limit = PAGE) }

    fun toggleOpen() = filter { it.copy(open = !it.open, limit = PAGE) }

    fun toggleMine() = filter { it.copy(mine = !it.mine, limit = PAGE) }

    fun toggleOverdue() = filter { it.copy(overdue = !it.overdue, limit = PAGE) }

    /** 清除筛选. */
    fun clear() = filter { ALL }

    /** The next rows. */
    fun more() = filter { it.copy(limit = it.limit + PAGE) }

    private fun filter(change: (CaseFilter) -> CaseFilter) {
        held.update { it.copy(filter = change(it.filter)) }
        scope.launch { read() }
    }

    private fun tell(sentence: String) = held.update { it.copy(problem = sentence) }
}
