package org.xuncha.ui

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.FormState
import org.xuncha.bridge.chosen
import org.xuncha.core.Answer
import org.xuncha.core.Choice
import org.xuncha.core.PhotoView
import org.xuncha.core.Question
import org.xuncha.core.QuestionKind

/** More choices than this are searched for on a page of their own. */
private const val ROWS_MOST = 7
private const val CHIPS_MOST = 12
private const val CHIP_LETTERS = 8

/** A text field with an edge of its own; the label stands above it. */
@Composable
fun Field(
    text: String,
    name: String,
    onChange: (String) -> Unit,
    tag: String,
    modifier: Modifier = Modifier,
    kind: KeyboardType = KeyboardType.Text,
    lines: Int = 1,
    unit: String = "",
) {
    var focused by remember { mutableStateOf(false) }
    val shape = RoundedCornerShape(Dimens.cornerInput)
    BasicTextField(
        value = text,
        onValueChange = onChange,
        modifier =
            modifier
                .fillMaxWidth()
                .heightIn(min = Dimens.touchTarget)
                .onFocusChanged { focused = it.isFocused }
                .semantics { contentDescription = name }
                .testTag(tag),
        textStyle = Ink.type.body.copy(color = Ink.palette.text),
        keyboardOptions = KeyboardOptions(keyboardType = kind),
        minLines = lines,
        cursorBrush = SolidColor(Ink.palette.primary),
        decorationBox = { inner ->
            Row(
                Modifier
                    .background(Ink.palette.surface, shape)
                    .border(
                        if (focused) Dimens.focusRing else Ink.line,
                        if (focused) Ink.palette.primary else Ink.palette.edge,
                        shape,
                    ).padding(horizontal = Dimens.space12, vertical = Dimens.space8),
                verticalAlignment = Alignment.CenterVertically,
            ) {
                Box(Modifier.weight(1f)) { inner() }
                if (unit.isNotEmpty()) Words1(unit, Ink.type.body, Ink.palette.text2)
            }
        },
    )
}

/** Text and numbers. What is being typed stays as typed, whatever the core makes of it. */
@Composable
fun TypedField(
    question: Question,
    state: FormState,
    model: FormModel,
) {
    var text by remember(question.at) { mutableStateOf(question.value?.raw.orEmpty()) }
    var sent by remember(question.at) { mutableStateOf(text) }
    val stored = question.value?.raw.orEmpty()
    // Undo, clearing and calculations change the answer from outside; typing changes it from here.
    LaunchedEffect(stored) {
        if (stored != sent && state.refusedAt != question.at && !sameNumber(stored, sent)) {
            text = stored
            sent = stored
        }
    }
    val focus = remember { FocusRequester() }
    LaunchedEffect(state.targetCount) { if (state.target == question.at) focus.requestFocus() }
    val keys =
        when (question.kind) {
            QuestionKind.INTEGER -> KeyboardType.Number
            QuestionKind.DECIMAL, QuestionKind.RANGE -> KeyboardType.Decimal
            else -> KeyboardType.Text
        }
    Field(
        text,
        question.label,
        { text = it; sent = it; model.typed(question, it) },
        "field:${question.at}",
        Modifier.focusRequester(focus),
        keys,
        lines = if ("multiline" in question.appearance) 3 else 1,
        unit = question.unit,
    )
}

/** `2.` on its way to `2.5` is the number 2: it must not be rewritten under the thumb. */
private fun sameNumber(
    stored: String,
    typed: String,
): Boolean = typed.toDoubleOrNull()?.let { it == stored.toDoubleOrNull() } ?: (stored == typed.trim())

/** Rows, chips, or a page of its own, by how many there are. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Choices(
    question: Question,
    model: FormModel,
) {
    val choices = question.choices
    val short = choices.all { it.label.length <= CHIP_LETTERS && it.detail.isEmpty() }
    when {
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
    Box(Modifier.size(22.dp).border(2.dp, colour, shape), contentAlignment = Alignment.Center) {
        if (on) Box(Modifier.size(12.dp).background(colour, shape))
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

@Composable
fun Position(
    question: Question,
    model: FormModel,
) {
    val value = question.value
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        if (value != null) Words1(value.display, Ink.type.body)
        PlainButton(
            if (value == null) Ink.words.usePosition else Ink.words.positionAgain,
            "position:${question.at}",
            { model.usePosition(question) },
            Modifier.fillMaxWidth(),
            icon = "place",
        )
    }
}

/** The photos with their state, and the camera. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Photos(
    question: Question,
    model: FormModel,
) {
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        question.photos.forEach { Photo(it, question, model) }
        PlainButton(
            if (question.photos.isEmpty()) Ink.words.takePhoto else Ink.words.takeAnother,
            "camera:${question.at}",
            { model.takePhoto(question) },
            Modifier.fillMaxWidth(),
            icon = "camera",
        )
    }
}

@Composable
private fun Photo(
    photo: PhotoView,
    question: Question,
    model: FormModel,
) {
    Row(
        Modifier.fillMaxWidth().testTag("photo"),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space12),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val picture = photo.thumbPath.takeIf { it.isNotEmpty() }?.let { LocalPictures.current.open(it) }
        Box(
            Modifier
                .size(104.dp)
                .background(Ink.palette.raised, RoundedCornerShape(Dimens.cornerInput))
                .border(Ink.line, Ink.palette.hairline, RoundedCornerShape(Dimens.cornerInput)),
            contentAlignment = Alignment.Center,
        ) {
            if (picture == null) {
                Mark("camera", Ink.palette.text2)
            } else {
                Image(
                    picture,
                    listOf(Ink.words.photo, photo.taken, photo.stateWord).joinToString("，"),
                    Modifier.aspectRatio(1f),
                    contentScale = ContentScale.Crop,
                )
            }
        }
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
            if (photo.taken.isNotEmpty()) Words1(photo.taken, Ink.type.body)
            if (photo.stateWord.isNotEmpty()) StateMark(photo.stateIcon, photo.stateWord)
            if (photo.damage.isNotEmpty()) Words1(photo.damage, Ink.type.small, Ink.palette.danger)
            PlainButton(Ink.words.removePhoto, "remove-photo", { model.removePhoto(question, photo.id) })
        }
    }
}

@Composable
fun Files(
    question: Question,
    model: FormModel,
) {
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        question.value?.let { Words1(it.display, Ink.type.body) }
        PlainButton(Ink.words.chooseFile, "file:${question.at}", { model.chooseFile(question) }, Modifier.fillMaxWidth())
    }
}
