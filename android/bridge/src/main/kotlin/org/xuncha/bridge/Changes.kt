package org.xuncha.bridge

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import org.xuncha.core.Change
import org.xuncha.core.Observer

/**
 * The core's notices as a flow of "query again".
 *
 * The notifier thread only counts here and goes on; whoever listens does so on its own dispatcher. A listener that is
 * slow hears once of all that happened meanwhile, however much that was.
 */
class Changes : Observer {
    private val counts = MutableStateFlow(emptyMap<Change, Long>())

    override fun changed(change: Change) = counts.update { it + (change to it.of(change) + 1) }

    /** Emits at once, and then whenever one of [kinds] changed, also while the first word is still being acted on. */
    fun of(vararg kinds: Change): Flow<Unit> =
        counts
            .map { now -> kinds.sumOf { now.of(it) } + now.of(Change.EVERYTHING) }
            .distinctUntilChanged()
            .map {}

    private fun Map<Change, Long>.of(change: Change): Long = this[change] ?: 0
}
