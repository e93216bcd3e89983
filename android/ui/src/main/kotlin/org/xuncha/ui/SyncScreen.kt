package org.xuncha.ui

import androidx.compose.foundation.Image
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.testTag
import org.xuncha.bridge.SyncState
import org.xuncha.core.PhotoRow
import org.xuncha.core.QuarantinedRow
import org.xuncha.core.RefusedRow
import org.xuncha.core.SyncKind
import org.xuncha.core.SyncStatus

/** What 入库情况 can do. */
interface SyncActs {
    fun back()

    fun syncNow()

    fun stop()

    fun reapply(op: String)

    fun leave(op: String)
}

/** 入库情况: the sentence, then what a person must do, then what waits, then what is fine. */
@Composable
fun SyncScreen(
    state: SyncState,
    acts: SyncActs,
) {
    val words = Ink.words
    val label = state.status?.running?.sentence?.takeIf { state.running } ?: words.syncNow
    val stop = if (state.running) ZoneButton(words.stopSync, "stop", press = acts::stop) else null
    Framed({ ActionZone(ZoneButton(label, "sync-now", press = acts::syncNow), stop) }) {
        TitleRow(words.syncTitle, acts::back)
        LazyColumn(Modifier.weight(1f).testTag("sync")) {
            state.problem?.let { item { Notice("alert", it, Modifier.padding(Dimens.margin)) } }
            state.status?.let { status ->
                item { Sentence(status) }
                state.outcome?.takeUnless { it.kind == SyncKind.DONE }?.let {
                    item { Notice("arrow_up", it.sentence, Modifier.padding(horizontal = Dimens.margin)) }
                }
                items(status.notices) { Notice("eye", it, Modifier.padding(horizontal = Dimens.margin, vertical = Dimens.space4)) }
                if (status.refused.isNotEmpty()) item { StateHead("hand", words.refused(status.refused.size)) }
                items(status.refused) { Refused(it, acts) }
                if (status.quarantined.isNotEmpty()) item { StateHead("box", words.quarantined(status.quarantined.size)) }
                items(status.quarantined) { Quarantined(it) }
                if (status.waitingOps > 0u) item { StateHead("arrow_up", words.waitingOps(status.waitingOps)) }
                if (status.waitingPhotos > 0u) item { StateHead("arrow_up", words.waitingPhotos(status.waitingPhotos)) }
                items(status.photos) { WaitingPhoto(it) }
                if (status.held > 0u || status.photosHeld > 0u) {
                    item { Held(status) }
                }
            }
        }
    }
}

@Composable
private fun Sentence(status: SyncStatus) {
    Column(Modifier.padding(Dimens.margin).live().testTag("sentence")) {
        Words1(status.sentence, Ink.type.q)
        Words1(status.dataTimeLine, Ink.type.small, Ink.palette.text2)
    }
}

@Composable
private fun StateHead(
    icon: String,
    word: String,
) {
    StateMark(icon, word, modifier = Modifier.padding(start = Dimens.margin, end = Dimens.margin, top = Dimens.space16, bottom = Dimens.space8))
}

@Composable
private fun Refused(
    row: RefusedRow,
    acts: SyncActs,
) {
    ListRow(onClick = null, Modifier.testTag("refused")) {
        Column(Modifier.weight(1f)) {
            Words1(row.title, Ink.type.q)
            Words1(row.sentence, Ink.type.body)
            Column(Modifier.padding(top = Dimens.space8), Arrangement.spacedBy(Dimens.touchGap)) {
                if (row.canReapply) PlainButton(Ink.words.reapply, "reapply", { acts.reapply(row.op) })
                PlainButton(Ink.words.leave, "leave", { acts.leave(row.op) })
            }
        }
    }
}

@Composable
private fun Quarantined(row: QuarantinedRow) {
    ListRow(onClick = null) {
        Column(Modifier.weight(1f)) {
            Words1(row.title, Ink.type.q)
            Words1(row.sentence, Ink.type.body)
        }
    }
}

@Composable
private fun WaitingPhoto(row: PhotoRow) {
    ListRow(onClick = null, Modifier.testTag("photo-row")) {
        val picture = row.thumbPath.takeIf { it.isNotEmpty() }?.let { LocalPictures.current.open(it) }
        if (picture != null) Image(picture, Ink.words.photo, Modifier.size(Dimens.space48), contentScale = ContentScale.Crop)
        Mark("arrow_up", Ink.palette.warn)
        Column(Modifier.weight(1f)) {
            Words1(row.word, Ink.type.body)
            if (row.reason.isNotEmpty()) Words1(row.reason, Ink.type.small, Ink.palette.text2)
        }
    }
}

/** What is fine; the hub's own count stands beside ours. */
@Composable
private fun Held(status: SyncStatus) {
    ListRow(onClick = null, Modifier.padding(top = Dimens.space16).testTag("held")) {
        Mark("shield_check", Ink.palette.ok)
        Column(Modifier.weight(1f)) {
            Words1(Ink.words.heldLine(status.held, status.photosHeld), Ink.type.body)
            if (status.hubCountSentence.isNotEmpty()) Words1(status.hubCountSentence, Ink.type.body, Ink.palette.text2)
        }
    }
}
