package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import org.xuncha.bridge.LedgerModel
import org.xuncha.bridge.LedgerState
import org.xuncha.core.CaseRow

/** 台账: what this person may see, offline, the nearest deadline first. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun LedgerScreen(
    state: LedgerState,
    model: LedgerModel,
    open: (CaseRow) -> Unit,
    report: () -> Unit,
) {
    val words = Ink.words
    val page = state.page
    val filter = state.filter
    Framed({ ReportZone(report) }) {
        TitleRow(words.ledger) { page?.let { Words1(words.totalCases(it.total), Ink.type.small, Ink.palette.text2, Modifier.live()) } }
        LazyColumn(Modifier.weight(1f).testTag("ledger")) {
            item {
                Column(Modifier.padding(Dimens.margin), verticalArrangement = Arrangement.spacedBy(Dimens.space12)) {
                    Words1(words.searchLedger, Ink.type.body, Ink.palette.text2)
                    Field(filter.text, words.searchLedger, model::search, "ledger-search")
                    FlowRow(
                        horizontalArrangement = Arrangement.spacedBy(Dimens.touchGap),
                        verticalArrangement = Arrangement.spacedBy(Dimens.touchGap),
                    ) {
                        FilterChip(words.openOnly, filter.open, "filter-open", model::toggleOpen)
                        FilterChip(words.mineOnly, filter.mine, "filter-mine", model::toggleMine)
                        FilterChip(words.overdueOnly, filter.overdue, "filter-overdue", model::toggleOverdue)
                    }
                    state.problem?.let { Notice("alert", it) }
                    page?.let { Words1(it.dataTimeLine, Ink.type.small, Ink.palette.text2) }
                }
            }
            if (page != null) {
                if (page.emptySentence.isNotEmpty()) {
                    item {
                        Column(Modifier.padding(Dimens.margin), verticalArrangement = Arrangement.spacedBy(Dimens.space12)) {
                            Words1(page.emptySentence, Ink.type.body)
                            PlainButton(words.clearFilter, "clear-filter", model::clear)
                        }
                    }
                }
                items(page.rows, key = { it.id }) { CaseLine(it, Modifier.testTag("case")) { open(it) } }
                if (page.rows.size.toUInt() < page.total) {
                    item { PlainButton(words.more(page.total.toInt() - page.rows.size), "more", model::more, Modifier.padding(Dimens.margin)) }
                }
            }
        }
    }
}

/** A filter: on is said by its mark too, not by colour alone. */
@Composable
private fun FilterChip(
    word: String,
    on: Boolean,
    tag: String,
    toggle: () -> Unit,
) {
    val shape = RoundedCornerShape(Dimens.cornerCard)
    val ink = if (on) Ink.palette.onPrimaryFill else Ink.palette.text
    Row(
        Modifier
            .heightIn(min = Dimens.touchTarget)
            .background(if (on) Ink.palette.primaryFill else Ink.palette.surface, shape)
            .border(if (on) Ink.line * 2 else Ink.line, if (on) Ink.palette.primary else Ink.palette.edge, shape)
            .toggleable(on, role = SemanticRole.Checkbox) { toggle() }
            .testTag(tag)
            .padding(horizontal = Dimens.space12, vertical = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space4),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (on) Mark("check", ink)
        Words1(word, Ink.type.body, ink)
    }
}

/** A case in a list: state, what it is, how long is left, who answers for it. Neither state nor deadline is ever cut. */
@Composable
fun CaseLine(
    row: CaseRow,
    modifier: Modifier = Modifier,
    open: () -> Unit,
) {
    val words = Ink.words
    // The name first: who hears a list goes on at the first word that is not theirs.
    val spoken = words.oneByOne(words.caseFile, row.headline, row.stateWord, row.deadlineSentence, row.responsible, row.mark)
    ListRow(open, modifier, spoken) {
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
            CaseMarks(row)
            Words1(row.headline, Ink.type.q)
            if (row.deadlineSentence.isNotEmpty()) {
                Words1(row.deadlineSentence, Ink.type.body, if (row.overdue) Ink.palette.danger else Ink.palette.text2)
            }
            val small = listOf(row.number, row.responsible, row.mark).filter(String::isNotEmpty).joinToString(" · ")
            if (small.isNotEmpty()) Words1(small, Ink.type.small, Ink.palette.text2)
        }
        Mark("on", Ink.palette.text2)
    }
}

/** The state, and how long is left. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun CaseMarks(row: CaseRow) {
    FlowRow(
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalArrangement = Arrangement.spacedBy(Dimens.space4),
    ) {
        StateMark(row.stateIcon, row.stateWord)
        if (row.deadlineChip.isNotEmpty()) {
            StateMark(if (row.overdue) "alert" else "clock", row.deadlineChip, roleOfTone(row.deadlineTone))
        }
    }
}
