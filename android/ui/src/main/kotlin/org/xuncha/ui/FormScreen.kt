package org.xuncha.ui

import androidx.compose.foundation.Image
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.FormState
import org.xuncha.core.Item
import org.xuncha.core.MissingRow
import org.xuncha.core.Repeat
import org.xuncha.core.RepeatCard
import org.xuncha.core.Screen

/** Where a form leads when it is left. */
interface FormExits {
    /** Back to where it was opened; the draft stays. */
    fun leave()

    /** After finishing: to 今日. */
    fun toToday()

    /** After finishing: the same form again. */
    fun again()
}

/** 表单: a page of the form, the list of what is missing, the search page, or the end. */
@Composable
fun FormScreen(
    state: FormState,
    model: FormModel,
    exits: FormExits,
) {
    val finished = state.finished
    val search = state.search
    val missing = state.missing
    when {
        finished != null -> FinishedPage(finished.sentence, exits)
        search != null -> SearchPage(search, model)
        missing != null -> MissingPage(missing, model)
        else -> FormPage(state, model, exits)
    }
}

@Composable
private fun FormPage(
    state: FormState,
    model: FormModel,
    exits: FormExits,
) {
    val screen = state.screen
    val words = Ink.words
    val list = rememberLazyListState()
    val before = if (screen.misfitLine.isEmpty()) 0 else 1
    LaunchedEffect(state.targetCount, screen.pageIndex) {
        val at = screen.items.indexOfFirst { it is Item.Question && it.question.at == state.target }
        list.scrollToItem(if (at >= 0) at + before else 0)
    }
    val toList = state.fromMissing && screen.missingCount > 0u
    val label = if (toList) words.backToList(screen.missingCount) else screen.main.label
    val main = ZoneButton(if (state.busy) words.working else label, "main") { if (toList) model.openMissing() else model.main() }
    val side = if (screen.canBack) ZoneButton(words.previousPage, "previous", press = model::back) else null
    Framed({ ActionZone(main, side) }) {
        TitleRow(screen.title, exits::leave) { Languages(screen, model) }
        PageLine(screen, model)
        LazyColumn(Modifier.weight(1f).testTag("form"), list) {
            if (before > 0) item(key = "misfits") { Misfits(screen.misfitLine, model) }
            itemsIndexed(screen.items, key = { index, item -> keyOf(item, index) }) { _, item ->
                when (item) {
                    is Item.Question -> QuestionBlock(item.question, state, model)
                    is Item.Heading -> SectionHead(item.heading.label)
                    is Item.Repeat -> Cards(item.repeat, model)
                }
            }
            item { PageEnd(state, model) }
        }
    }
}

private fun keyOf(
    item: Item,
    index: Int,
): Any =
    when (item) {
        is Item.Question -> item.question.at
        is Item.Repeat -> item.repeat.at
        is Item.Heading -> "heading-$index"
    }

@Composable
private fun Languages(
    screen: Screen,
    model: FormModel,
) {
    if (screen.languages.size < 2) return
    var open by remember { mutableStateOf(false) }
    Column {
        PlainButton(plain(screen.language), "language", { open = !open }, icon = null)
        if (open) {
            screen.languages.filter { it != screen.language }.forEach {
                PlainButton(plain(it), "language-$it", { open = false; model.setLanguage(it) }, Modifier.padding(top = Dimens.touchGap))
            }
        }
    }
}

/** `中文 (zh)` without the code that forms write behind it. */
private fun plain(language: String) = language.substringBefore(" (")

/** 第2页，共3页：问题, and how much is missing, one tap from its list. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun PageLine(
    screen: Screen,
    model: FormModel,
) {
    FlowRow(
        Modifier.fillMaxWidth().padding(start = Dimens.margin, end = Dimens.margin, top = Dimens.touchGap).heightIn(min = Dimens.touchTarget),
        horizontalArrangement = Arrangement.SpaceBetween,
        verticalArrangement = Arrangement.Center,
        itemVerticalAlignment = Alignment.CenterVertically,
    ) {
        Words1(screen.pageLabel, Ink.type.body, Ink.palette.text2, Modifier.semantics { heading() })
        if (screen.missingCount > 0u) {
            Row(
                Modifier
                    .heightIn(min = Dimens.touchTarget)
                    .clickable(role = SemanticRole.Button, onClick = model::openMissing)
                    .testTag("missing-line")
                    .padding(horizontal = Dimens.space8),
                horizontalArrangement = Arrangement.spacedBy(Dimens.space4),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Words1(screen.missingLine, Ink.type.body, Ink.palette.primary)
                Mark("on", Ink.palette.primary)
            }
        }
    }
}

/** What was answered before and has no place any more, until it was read. */
@Composable
private fun Misfits(
    line: String,
    model: FormModel,
) {
    Notice("alert", line, Modifier.padding(horizontal = Dimens.margin), role = Role.WARN) {
        PlainButton(Ink.words.understood, "misfits-seen", model::misfitsSeen)
    }
}

@Composable
private fun PageEnd(
    state: FormState,
    model: FormModel,
) {
    Column(Modifier.padding(Dimens.margin), verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        state.problem?.let { Notice("alert", it) }
        if (state.screen.saveProblem.isNotEmpty()) Notice("alert", state.screen.saveProblem)
        if (state.screen.canUndo) PlainButton(state.screen.undoLabel, "undo", model::undo)
    }
}

/** A repeat: every instance a card that says whether it is filled. */
@Composable
private fun Cards(
    repeat: Repeat,
    model: FormModel,
) {
    val words = Ink.words
    Column {
        SectionHead(repeat.label)
        repeat.cards.forEach { Card(it, model) }
        if (repeat.canAdd) {
            PlainButton(words.add(repeat.addLabel), "add-repeat", { model.addRepeat(repeat.at) }, Modifier.fillMaxWidth().padding(Dimens.margin))
        }
    }
}

@Composable
private fun Card(
    card: RepeatCard,
    model: FormModel,
) {
    var menu by remember(card.at) { mutableStateOf(false) }
    Column {
        ListRow({ model.openRepeat(card.at) }, Modifier.testTag("card-${card.number}")) {
            Words1("${card.number}", Ink.type.h2)
            Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
                Words1(card.headline, Ink.type.q)
                Row(horizontalArrangement = Arrangement.spacedBy(Dimens.space8), verticalAlignment = Alignment.CenterVertically) {
                    card.thumbs.take(2).forEach { path ->
                        LocalPictures.current.open(path)?.let {
                            Image(it, Ink.words.photo, Modifier.size(Dimens.space48), contentScale = ContentScale.Crop)
                        }
                    }
                    if (card.missing == 0u) StateMark("check", card.statusWord) else StateMark("pencil", card.statusWord, Role.WARN)
                }
            }
            if (card.canRemove) MoreButton { menu = !menu }
        }
        if (menu) {
            PlainButton(
                Ink.words.remove,
                "remove-${card.number}",
                { menu = false; model.removeRepeat(card.at) },
                Modifier.padding(horizontal = Dimens.margin, vertical = Dimens.space8),
            )
        }
    }
}

/** What blocks finishing, each with a way to it. */
@Composable
private fun MissingPage(
    rows: List<MissingRow>,
    model: FormModel,
) {
    val words = Ink.words
    Framed({ ActionZone(ZoneButton(words.backToPlace, "back-to-place", press = model::closeMissing)) }) {
        TitleRow(if (rows.isEmpty()) words.nothingMissing else words.missingTitle(rows.size))
        LazyColumn(Modifier.weight(1f).testTag("missing")) {
            var page = ""
            rows.forEach { row ->
                if (row.page != page) {
                    page = row.page
                    val head = page
                    item { SectionHead(head) }
                }
                item { Missing(row, model) }
            }
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Missing(
    row: MissingRow,
    model: FormModel,
) {
    ListRow({ model.goTo(row) }, Modifier.testTag("missing-row")) {
        Mark("alert", Ink.palette.danger)
        FlowRow(Modifier.weight(1f), horizontalArrangement = Arrangement.SpaceBetween) {
            Words1(Ink.words.because(row.question, row.reason), Ink.type.body)
            Words1(row.verb, Ink.type.body, Ink.palette.primary)
        }
        Mark("on", Ink.palette.primary)
    }
}

/** After 完成: where it is now, and what comes next. */
@Composable
private fun FinishedPage(
    sentence: String,
    exits: FormExits,
) {
    val main = ZoneButton(Ink.words.backToday, "to-today", press = exits::toToday)
    Framed({ ActionZone(main, ZoneButton(Ink.words.anotherOne, "again", even = true, press = exits::again)) }) {
        TitleRow(Ink.words.finishedTitle)
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Dimens.margin).live().testTag("finished")) { Notice("arrow_up", sentence) }
    }
}
