package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.xuncha.core.Change
import org.xuncha.core.NearPoint
import org.xuncha.core.SiteFilter
import org.xuncha.core.SiteRow
import org.xuncha.core.app.AppInterface

/** What 附近 shows. */
data class NearState(
    /** Null until it was read once; the nearest first. */
    val sites: List<SiteRow>? = null,
    /** Radius of the fix in metres; null without one. */
    val accuracyM: Double? = null,
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** Holds the sites around the phone. */
class NearModel(
    private val app: AppInterface,
    private val device: Device,
    private val language: String,
    changes: Changes,
    private val scope: CoroutineScope,
) {
    private val held = MutableStateFlow(NearState())
    val state: StateFlow<NearState> = held.asStateFlow()

    init {
        scope.launch { changes.of(Change.SITES, Change.CASES, Change.SYNC).collect { read() } }
    }

    /** 重新定位. */
    fun locate() {
        scope.launch { read() }
    }

    private suspend fun read() {
        val fix = device.fix()
        val near = fix?.let { NearPoint(it.lat, it.lon, it.datum) }
        val sites = orTell(language, ::tell) { app.sites(SiteFilter(kind = null, text = "", near = near, limit = 0u)) } ?: return
        held.update { NearState(sites, fix?.accuracyM) }
    }

    private fun tell(sentence: String) = held.update { it.copy(problem = sentence) }
}
