package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import org.xuncha.bridge.TodayState
import org.xuncha.core.CaseRow
import org.xuncha.core.DraftRow
import org.xuncha.core.SafetyLine
import org.xuncha.core.VisitRow

/** Each section shows so many rows at first. */
private const val FIRST_ROWS = 3

/** What the first screen can lead to. */
interface TodayActs {
    fun safety()

    fun resume(draft: DraftRow)

    fun discard(draft: DraftRow)

    fun undoDiscard()

    /** 继续填: the form that was just left. */
    fun goOn()

    fun case(row: CaseRow)

    fun visit(row: VisitRow)

    fun report()
}

/** 今日: what could be lost, half done, due, planned; in that order. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun TodayScreen(
    state: TodayState,
    /** Is what there is being fetched for the first time? */
    fetching: Boolean,
    /** Was there no network when it was last asked for? */
    offline: Boolean,
    /** How much is missing in the form that was just left; null if none was. */
    left: String?,
    acts: TodayActs,
) {
    val words = Ink.words
    val today = state.today
    Framed({ ReportZone(acts::report) }) {
        FlowRow(
            Modifier
                .fillMaxWidth()
                .background(Ink.palette.surface)
                .heightIn(min = Dimens.primaryButton)
                .padding(horizontal = Dimens.margin, vertical = Dimens.space8),
            horizontalArrangement = Arrangement.SpaceBetween,
            verticalArrangement = Arrangement.Center,
        ) {
            Words1(today?.dateLine ?: words.today, Ink.type.h2, modifier = Modifier.semantics { heading() })
            today?.let { Words1(it.whoLine, Ink.type.body, Ink.palette.text2) }
        }
        today?.let { SafetyStrip(it.safety, acts::safety) }
        Box(Modifier.weight(1f)) {
            LazyColumn(Modifier.fillMaxSize().testTag("today")) {
                state.problem?.let { item { Notice("alert", it, Modifier.padding(Dimens.margin)) } }
                if (state.discarded != null) item { Said(words.deleted, "put-away", words.undo, "undo-discard", acts::undoDiscard) }
                if (left != null) item { Said(words.keptAsDraft(left), "left", words.goOnFilling, "go-on", acts::goOn) }
                if (today == null || fetching) {
                    item { Words1(words.loading, Ink.type.body, modifier = Modifier.padding(Dimens.margin)) }
                } else {
                    item { DataTime(today.dataTimeLine, offline) }
                    if (today.emptySentence.isNotEmpty()) {
                        item { Words1(today.emptySentence, Ink.type.body, modifier = Modifier.padding(Dimens.margin)) }
                    }
                    section(words.drafts(today.drafts.size), "", today.drafts) { Draft(it, acts) }
                    section(words.myCases(today.cases.size), words.byDeadline, today.cases) { CaseLine(it, Modifier.testTag("case")) { acts.case(it) } }
                    section(words.checks(today.checks.size), "", today.checks) { CaseLine(it, Modifier.testTag("case")) { acts.case(it) } }
                    section(today.visitsLine, "", today.visits) { Visit(it, acts) }
                }
            }
        }
    }
}

/** Offline is normal: no red, and the time of what is shown. */
@Composable
private fun DataTime(
    line: String,
    offline: Boolean,
) = Words1(
    if (offline) "${Ink.words.offline} · $line" else line,
    Ink.type.small,
    Ink.palette.text2,
    Modifier.padding(start = Dimens.margin, end = Dimens.margin, top = Dimens.space12).testTag("data-time"),
)

/** How much of the work is safe: above everything else, and read out when it changes. */
@Composable
private fun SafetyStrip(
    safety: SafetyLine,
    onOpen: () -> Unit,
) {
    val role = roleOf(safety.icon)
    Row(
        Modifier
            .fillMaxWidth()
            .background(Ink.palette.fillOf(role))
            .under(Ink.palette.of(role), Ink.line)
            .heightIn(min = Dimens.primaryButton)
            .clickable(role = SemanticRole.Button, onClick = onOpen)
            .live()
            .testTag("safety")
            .padding(horizontal = Dimens.margin, vertical = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val ink = Ink.palette.onFillOf(role)
        Mark(safety.icon, ink)
        Words1(safety.sentence, Ink.type.body, ink, Modifier.weight(1f))
        Words1(Ink.words.look, Ink.type.body, ink)
        Mark("on", ink)
    }
}

private fun <T> LazyListScope.section(
    title: String,
    end: String,
    rows: List<T>,
    row: @Composable (T) -> Unit,
) {
    if (rows.isEmpty()) return
    item { SectionHead(title, end) }
    items(rows.take(FIRST_ROWS)) { row(it) }
    if (rows.size > FIRST_ROWS) {
        item {
            var open by remember(rows.size) { mutableStateOf(false) }
            if (open) {
                Column { rows.drop(FIRST_ROWS).forEach { row(it) } }
            } else {
                PlainButton(
                    Ink.words.more(rows.size - FIRST_ROWS),
                    "more",
                    { open = true },
                    Modifier.padding(horizontal = Dimens.margin, vertical = Dimens.space8),
                )
            }
        }
    }
}

@Composable
private fun Draft(
    draft: DraftRow,
    acts: TodayActs,
) {
    var menu by remember(draft.id) { mutableStateOf(false) }
    val named = if (draft.name.isEmpty()) draft.title else "${draft.title} · ${draft.name}"
    Column {
        ListRow({ acts.resume(draft) }, Modifier.testTag("draft")) {
            Mark("pencil", Ink.palette.neutral)
            Column(Modifier.weight(1f)) {
                Words1(named, Ink.type.q)
                if (draft.missingLine.isNotEmpty()) Words1(draft.missingLine, Ink.type.body, Ink.palette.text2)
            }
            Words1(Ink.words.goOn, Ink.type.body, Ink.palette.primary)
            MoreButton { menu = !menu }
        }
        if (menu) {
            PlainButton(
                Ink.words.deleteDraft,
                "delete-draft",
                { menu = false; acts.discard(draft) },
                Modifier.padding(horizontal = Dimens.margin, vertical = Dimens.space8),
            )
        }
    }
}

/** ⋮, with its own name for a screen reader. */
@Composable
fun MoreButton(onClick: () -> Unit) {
    Box(
        Modifier
            .sizeIn(minWidth = Dimens.touchTarget, minHeight = Dimens.touchTarget)
            .clickable(role = SemanticRole.Button, onClick = onClick)
            .named("⋮")
            .testTag("menu"),
        contentAlignment = Alignment.Center,
    ) { Words1("⋮", Ink.type.h2) }
}

@Composable
private fun Said(
    sentence: String,
    tag: String,
    verb: String,
    verbTag: String,
    act: () -> Unit,
) {
    Row(
        Modifier.fillMaxWidth().padding(Dimens.margin).live().testTag(tag),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space12),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Words1(sentence, Ink.type.body, modifier = Modifier.weight(1f))
        PlainButton(verb, verbTag, act)
    }
}

@Composable
private fun Visit(
    row: VisitRow,
    acts: TodayActs,
) {
    ListRow({ acts.visit(row) }, Modifier.testTag("visit")) {
        Column(Modifier.weight(1f)) {
            Words1(row.title, Ink.type.q)
            Words1(listOf(row.detail, row.dueLine).filter { it.isNotEmpty() }.joinToString(" · "), Ink.type.small, Ink.palette.text2)
        }
        if (row.done) Mark("check", Ink.palette.ok)
        Words1(Ink.words.visit, Ink.type.body, Ink.palette.primary)
        Mark("on", Ink.palette.primary)
    }
}

/** ＋ 拍照上报: one tap from here to the camera. */
@Composable
fun ReportButton(onClick: () -> Unit) {
    val shape = RoundedCornerShape(Dimens.cornerSheet)
    Box(
        Modifier
            .heightIn(min = Dimens.primaryButton)
            .background(Ink.palette.primary, shape)
            .border(Ink.line, Ink.palette.primary, shape)
            .clickable(role = SemanticRole.Button, onClick = onClick)
            .testTag("report")
            .padding(horizontal = Dimens.space24, vertical = Dimens.space12),
        contentAlignment = Alignment.Center,
    ) { Words1(Ink.words.report, Ink.type.q, Ink.palette.onPrimary) }
}
