package org.xuncha.bridge

import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.onSubscription
import org.xuncha.core.Change
import org.xuncha.core.Observer

/**
 * The core's notices as a flow of "query again".
 *
 * The notifier thread only drops a word here and goes on; whoever listens does so on its own dispatcher.
 */
class Changes : Observer {
    private val told = MutableSharedFlow<Change>(extraBufferCapacity = 64, onBufferOverflow = BufferOverflow.DROP_OLDEST)

    override fun changed(change: Change) {
        told.tryEmit(change)
    }

    /** Emits at once, and then whenever one of [kinds] changed, also while the first word is still being acted on. */
    fun of(vararg kinds: Change): Flow<Change> =
        told.onSubscription { emit(Change.EVERYTHING) }.filter { it == Change.EVERYTHING || it in kinds }
}
