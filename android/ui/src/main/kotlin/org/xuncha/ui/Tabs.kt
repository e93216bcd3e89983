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
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.text.style.TextAlign
import org.xuncha.core.CaseRow
import org.xuncha.core.DraftRow
import org.xuncha.core.SyncKind
import org.xuncha.core.VisitRow

/** An item of the bar, with the bar beneath it. */
@Composable
internal fun TabPlace(
    tab: Place.Tab,
    walk: Walk,
) {
    val sync by walk.sync.state.collectAsState()
    Column(Modifier.fillMaxSize()) {
        Box(Modifier.weight(1f)) {
            when (tab) {
                Place.Tab.TODAY -> TodayTab(walk)
                Place.Tab.NEAR -> {
                    val state by walk.near.state.collectAsState()
                    NearScreen(state, walk.near, { walk.report(tab, it.id) }) { walk.report(tab) }
                }
                Place.Tab.LEDGER -> {
                    val state by walk.ledger.state.collectAsState()
                    LedgerScreen(state, walk.ledger, { walk.case(it.id, tab) }) { walk.report(tab) }
                }
                Place.Tab.MINE -> {
                    val today by walk.today.state.collectAsState()
                    MineScreen(today.today, sync.status, today.forms, walk.shell, { walk.go(Place.Sync(tab)) }) { walk.fill(tab, it) }
                }
            }
        }
        val waiting = sync.status?.let { it.made - it.held } ?: 0u
        Bar(tab, waiting) { walk.go(it) }
    }
}

@Composable
private fun TodayTab(walk: Walk) {
    val state by walk.today.state.collectAsState()
    val sync by walk.sync.state.collectAsState()
    val acts =
        object : TodayActs {
            override fun safety() = walk.go(Place.Sync(Place.Tab.TODAY))

            override fun resume(draft: DraftRow) = walk.resume(draft)

            override fun discard(draft: DraftRow) = walk.today.discard(draft.id)

            override fun undoDiscard() = walk.today.undoDiscard()

            override fun goOn() = walk.left?.let(walk::goOn) ?: Unit

            override fun case(row: CaseRow) = walk.case(row.id, Place.Tab.TODAY)

            override fun visit(row: VisitRow) = walk.visit(row)

            override fun report() = walk.report(Place.Tab.TODAY)
        }
    val fetching = sync.running && state.today?.dataTimeMs == 0L
    TodayScreen(state, fetching, sync.outcome?.kind == SyncKind.OFFLINE, walk.left?.missingLine, acts)
}

/** Four items; sync is a number at the last one, not an item of its own. */
@Composable
private fun Bar(
    here: Place.Tab,
    waiting: ULong,
    go: (Place.Tab) -> Unit,
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
        for (tab in Place.Tab.entries) {
            val (icon, word) =
                when (tab) {
                    Place.Tab.TODAY -> "day" to words.today
                    Place.Tab.NEAR -> "place" to words.near
                    Place.Tab.LEDGER -> "list" to words.ledger
                    Place.Tab.MINE -> "person" to if (waiting == 0uL) words.mine else words.mineWaiting(waiting)
                }
            val spoken = if (tab == Place.Tab.MINE && waiting > 0u) words.mineSpoken(waiting) else word
            // As wide as its longest word asks: at a large font scale equal parts would break “Ledger”.
            val share = word.split(' ', '(').maxOf(String::length).toFloat()
            BarItem(icon, word, spoken, tab == here, Modifier.weight(share).testTag("bar-${tab.word}")) { go(tab) }
        }
    }
}

@Composable
private fun BarItem(
    icon: String,
    word: String,
    spoken: String,
    here: Boolean,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val colour = if (here) Ink.palette.primary else Ink.palette.text2
    Column(
        modifier
            .heightIn(min = Dimens.primaryButton)
            .selectable(here, role = SemanticRole.Tab, onClick = onClick)
            .named(spoken),
        verticalArrangement = Arrangement.Center,
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        Mark(icon, colour)
        // Where one is is said by the weight too, not by colour alone.
        Words1(word, if (here) Ink.type.small.copy(fontWeight = Ink.type.q.fontWeight) else Ink.type.small, colour, align = TextAlign.Center)
    }
}
