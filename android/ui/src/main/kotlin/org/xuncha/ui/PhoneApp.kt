package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.text.style.TextAlign
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.xuncha.bridge.Changes
import org.xuncha.bridge.Device
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.SyncModel
import org.xuncha.bridge.TodayModel
import org.xuncha.core.DraftRow
import org.xuncha.core.VisitRow
import org.xuncha.core.app.App
import org.xuncha.core.app.FillSession

/** The phone's screens over an open [App]. Back leads one step towards 今日 and never asks. */
@Composable
fun PhoneApp(
    app: App,
    changes: Changes,
    device: Device,
    language: String,
) {
    val scope = rememberCoroutineScope()
    val today = remember(app, language) { TodayModel(app, language, changes, scope) }
    val sync = remember(app, language) { SyncModel(app, language, changes, scope) }
    var place by remember { mutableStateOf<Place>(Place.Today) }
    when (val here = place) {
        is Place.Today -> TodayPlace(today, sync, scope, device, language) { place = it }
        is Place.Sync -> SyncPlace(sync, device) { place = Place.Today }
        is Place.Form -> FormPlace(here, today, scope, device, language) { place = it }
    }
}

/** Where the person is. */
internal sealed interface Place {
    data object Today : Place

    data object Sync : Place

    data class Form(
        val model: FormModel,
        val reopen: suspend () -> FillSession?,
    ) : Place
}

@Composable
private fun TodayPlace(
    today: TodayModel,
    sync: SyncModel,
    scope: CoroutineScope,
    device: Device,
    language: String,
    go: (Place) -> Unit,
) {
    val state by today.state.collectAsState()
    val waiting by sync.state.collectAsState()

    fun open(
        camera: Boolean = false,
        start: suspend () -> FillSession?,
    ) {
        scope.launch {
            val model = start()?.let { FormModel(it, device, language, scope) } ?: return@launch
            go(Place.Form(model, start))
            if (camera) model.cameraFirst()
        }
    }
    val acts =
        remember(today) {
            object : TodayActs {
                override fun safety() = go(Place.Sync)

                override fun resume(draft: DraftRow) = open { today.resume(draft.id) }

                override fun discard(draft: DraftRow) = today.discard(draft.id)

                override fun undoDiscard() = today.undoDiscard()

                override fun visit(row: VisitRow) = open { today.start(row) }

                override fun report() = today.quickForm()?.let { form -> open(camera = true) { today.start(form) } } ?: Unit
            }
        }
    Column(Modifier.fillMaxSize()) {
        Box(Modifier.weight(1f)) { TodayScreen(state, acts) }
        val status = waiting.status
        Bar(status?.let { it.made - it.held } ?: 0u, onMine = { go(Place.Sync) })
    }
}

@Composable
private fun SyncPlace(
    sync: SyncModel,
    device: Device,
    back: () -> Unit,
) {
    val state by sync.state.collectAsState()
    val acts =
        remember(sync) {
            object : SyncActs {
                override fun back() = back()

                override fun syncNow() = sync.syncNow()

                override fun stop() = sync.cancel()

                override fun reapply(op: String) = sync.reapply(op)

                override fun leave(op: String) = sync.leave(op)
            }
        }
    SyncScreen(state, clock(state.status?.lastSyncMs ?: 0, device.offsetMinutes()), acts)
}

@Composable
private fun FormPlace(
    place: Place.Form,
    today: TodayModel,
    scope: CoroutineScope,
    device: Device,
    language: String,
    go: (Place) -> Unit,
) {
    val state by place.model.state.collectAsState()
    val exits =
        remember(place) {
            object : FormExits {
                override fun leave() {
                    scope.launch { place.model.close() }
                    go(Place.Today)
                }

                override fun toToday() = go(Place.Today)

                override fun again() {
                    scope.launch {
                        val session = place.reopen() ?: return@launch go(Place.Today)
                        go(Place.Form(FormModel(session, device, language, scope), place.reopen))
                    }
                }
            }
        }
    FormScreen(state, place.model, exits)
}

/** The four items of the bar that exist so far lead on; sync is a number here, not an item of its own. */
@Composable
private fun Bar(
    waiting: ULong,
    onMine: () -> Unit,
) {
    val words = Ink.words
    Row(
        Modifier
            .fillMaxWidth()
            .background(Ink.palette.surface)
            .over(Ink.palette.hairline, Ink.line)
            .padding(horizontal = Dimens.space8, vertical = Dimens.space4),
        horizontalArrangement = Arrangement.spacedBy(Dimens.touchGap),
    ) {
        BarItem("day", words.today, true, Modifier.weight(1f)) {}
        BarItem("person", if (waiting == 0uL) words.mine else words.mineWaiting(waiting), false, Modifier.weight(1f), onMine)
    }
}

@Composable
private fun BarItem(
    icon: String,
    word: String,
    here: Boolean,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val colour = if (here) Ink.palette.primary else Ink.palette.text2
    Column(
        modifier
            .heightIn(min = Dimens.primaryButton)
            .selectable(here, role = SemanticRole.Tab, onClick = onClick)
            .testTag("bar-$icon"),
        verticalArrangement = Arrangement.Center,
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Mark(icon, colour)
        Words1(word, Ink.type.small, colour, align = TextAlign.Center)
    }
}

private val CLOCK = DateTimeFormatter.ofPattern("HH:mm")

/** 14:30, or nothing before the first sync. */
private fun clock(
    ms: Long,
    offsetMinutes: Int,
): String = if (ms == 0L) "" else CLOCK.format(Instant.ofEpochMilli(ms).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60)))
