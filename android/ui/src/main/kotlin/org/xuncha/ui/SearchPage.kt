package org.xuncha.ui

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.withStyle
import androidx.compose.foundation.text.BasicText
import org.xuncha.bridge.CHOICE_LIMIT
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.Search
import org.xuncha.core.Choice
import org.xuncha.core.QuestionKind

/** Thousands of choices: the keyboard is open, what fits is there while one types. */
@Composable
fun SearchPage(
    search: Search,
    model: FormModel,
) {
    val words = Ink.words
    val focus = remember { FocusRequester() }
    LaunchedEffect(search.question.at) { focus.requestFocus() }
    val several = search.question.kind == QuestionKind.SELECT_MANY
    Framed({ if (several) ActionZone(ZoneButton(words.done, "search-done", press = model::closeSearch)) }) {
        TitleRow(search.question.label, model::closeSearch) {
            Words1(words.totalChoices(search.question.choiceTotal), Ink.type.small, Ink.palette.text2)
        }
        Field(
            search.text,
            words.search,
            model::searchFor,
            "search-field",
            Modifier.fillMaxWidth().padding(Dimens.margin).focusRequester(focus),
        )
        val page = search.page
        LazyColumn(Modifier.weight(1f).testTag("search")) {
            item {
                val chosen = search.question.value?.display ?: words.none
                Words1(words.chosen(chosen), Ink.type.body, Ink.palette.text2, Modifier.padding(horizontal = Dimens.margin))
            }
            if (page.recent.isNotEmpty()) {
                item { SectionHead(words.recentChoices) }
                items(page.recent, key = { "recent ${it.value}" }) { Found(it, "", "recent", model) }
            }
            item { SectionHead(if (search.text.isBlank()) words.firstChoices else words.found(search.text.trim(), page.total)) }
            items(page.choices, key = { it.value }) { Found(it, search.text, "found", model) }
            val more = page.total - page.choices.size.toUInt()
            if (page.choices.size >= CHOICE_LIMIT && more > 0u) {
                item { Words1(words.moreChoices(more), Ink.type.body, modifier = Modifier.padding(Dimens.margin)) }
            }
            if (page.total == 0u && search.text.isNotBlank()) {
                item { Words1(words.notFound(search.text.trim()), Ink.type.body, modifier = Modifier.padding(Dimens.margin)) }
            }
        }
    }
}

@Composable
private fun Found(
    choice: Choice,
    typed: String,
    tag: String,
    model: FormModel,
) {
    ListRow({ model.take(choice.value) }, Modifier.testTag(tag)) {
        FormPicture(choice.image, null, Modifier.size(Dimens.space48))
        Column(Modifier.weight(1f)) {
            Matched(choice.label, typed)
            if (choice.detail.isNotEmpty()) Words1(choice.detail, Ink.type.small, Ink.palette.text2)
        }
        if (choice.selected) Mark("check", Ink.palette.ok)
    }
}

/** The label with what was typed bold and bracketed: not by weight alone. */
@Composable
private fun Matched(
    label: String,
    typed: String,
) {
    val word = typed.trim().split(' ').firstOrNull().orEmpty()
    val at = if (word.isEmpty()) -1 else label.indexOf(word, ignoreCase = true)
    if (at < 0) {
        Words1(label, Ink.type.body)
        return
    }
    val words = Ink.words
    BasicText(
        buildAnnotatedString {
            append(label.take(at))
            withStyle(SpanStyle(fontWeight = FontWeight.W600)) { append(words.matched(label.substring(at, at + word.length))) }
            append(label.drop(at + word.length))
        },
        style = Ink.type.body.copy(color = Ink.palette.text),
    )
}
