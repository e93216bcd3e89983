package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.chosen
import org.xuncha.core.Answer
import org.xuncha.core.Choice
import org.xuncha.core.Question
import org.xuncha.core.QuestionKind

/** More choices than this are searched for on a page of their own. */
private const val ROWS_MOST = 7
private const val CHIPS_MOST = 12
private const val CHIP_LETTERS = 8

/** Rows, chips, or a page of its own, by how many there are. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Choices(
    question: Question,
    model: FormModel,
) {
    val choices = question.choices
    val short = choices.all { it.label.length <= CHIP_LETTERS && it.detail.isEmpty() && it.image.isEmpty() }
    when {
        question.choiceTotal == 0u -> Words1(Ink.words.noChoices, Ink.type.body, Ink.palette.text2)
        choices.size.toUInt() < question.choiceTotal || choices.size > CHIPS_MOST || choices.size > ROWS_MOST && !short ->
            Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
                question.value?.let { Words1(Ink.words.chosen(it.display), Ink.type.body) }
                PlainButton(
                    Ink.words.searchAll(question.choiceTotal),
                    "search:${question.at}",
                    { model.openSearch(question) },
                    Modifier.fillMaxWidth(),
                )
            }
        choices.size > ROWS_MOST ->
            FlowRow(
                horizontalArrangement = Arrangement.spacedBy(Dimens.touchGap),
                verticalArrangement = Arrangement.spacedBy(Dimens.touchGap),
            ) { choices.forEach { ChoiceRow(it, question, model, Modifier) } }
        else ->
            Column(verticalArrangement = Arrangement.spacedBy(Dimens.touchGap)) {
                choices.forEach { ChoiceRow(it, question, model, Modifier.fillMaxWidth()) }
            }
    }
}

@Composable
private fun ChoiceRow(
    choice: Choice,
    question: Question,
    model: FormModel,
    modifier: Modifier,
) {
    val many = question.kind == QuestionKind.SELECT_MANY
    val shape = RoundedCornerShape(Dimens.cornerCard)
    val press =
        if (many) {
            Modifier.toggleable(choice.selected, role = SemanticRole.Checkbox) { model.choose(question, choice.value) }
        } else {
            Modifier.selectable(choice.selected, role = SemanticRole.RadioButton) { model.choose(question, choice.value) }
        }
    Row(
        modifier
            .heightIn(min = Dimens.touchTarget)
            .background(if (choice.selected) Ink.palette.primaryFill else Ink.palette.surface, shape)
            .border(
                if (choice.selected) Ink.line * 2 else Ink.line,
                if (choice.selected) Ink.palette.primary else Ink.palette.edge,
                shape,
            ).then(press)
            .testTag("choice:${choice.value}")
            .padding(horizontal = Dimens.space12, vertical = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Dot(choice.selected, many)
        FormPicture(choice.image, null, Modifier.size(Dimens.space48 * 2))
        Column(Modifier.weight(1f, fill = false)) {
            Words1(choice.label, Ink.type.body, if (choice.selected) Ink.palette.onPrimaryFill else Ink.palette.text)
            if (choice.detail.isNotEmpty()) {
                Words1(choice.detail, Ink.type.small, if (choice.selected) Ink.palette.onPrimaryFill else Ink.palette.text2)
            }
        }
    }
}

/** The mark of a choice: round for one, square for several. */
@Composable
private fun Dot(
    on: Boolean,
    square: Boolean,
) {
    val shape = RoundedCornerShape(if (square) Dimens.cornerInput else Dimens.space12)
    val colour = if (on) Ink.palette.primary else Ink.palette.edge
    Box(Modifier.size(Dimens.space24).border(Dimens.sunlightLine, colour, shape), contentAlignment = Alignment.Center) {
        if (on) Box(Modifier.size(Dimens.space12).background(colour, shape))
    }
}

/** The whole sentence is the target. */
@Composable
fun AcknowledgeRow(
    question: Question,
    model: FormModel,
) {
    val on = question.value != null
    val shape = RoundedCornerShape(Dimens.cornerCard)
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = Dimens.touchTarget)
            .background(if (on) Ink.palette.primaryFill else Ink.palette.surface, shape)
            .border(if (on) Ink.line * 2 else Ink.line, if (on) Ink.palette.primary else Ink.palette.edge, shape)
            .toggleable(on, role = SemanticRole.Checkbox) { model.answer(question, Answer.Acknowledged(!on)) }
            .testTag("ack:${question.at}")
            .padding(Dimens.space12),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Dot(on, square = true)
        val star = if (question.required) " *" else ""
        Words1(question.label + star, Ink.type.body, if (on) Ink.palette.onPrimaryFill else Ink.palette.text)
    }
}

/** One of a few settings. */
@Composable
fun OneOf(
    word: String,
    on: Boolean,
    tag: String,
    choose: () -> Unit,
) {
    val shape = RoundedCornerShape(Dimens.cornerCard)
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = Dimens.touchTarget)
            .background(if (on) Ink.palette.primaryFill else Ink.palette.surface, shape)
            .border(if (on) Ink.line * 2 else Ink.line, if (on) Ink.palette.primary else Ink.palette.edge, shape)
            .selectable(on, role = SemanticRole.RadioButton, onClick = choose)
            .testTag(tag)
            .padding(horizontal = Dimens.space12, vertical = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Dot(on, square = false)
        Words1(word, Ink.type.body, if (on) Ink.palette.onPrimaryFill else Ink.palette.text)
    }
}
