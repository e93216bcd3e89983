package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
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
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.FormState
import org.xuncha.core.Question
import org.xuncha.core.QuestionKind

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
    next: (() -> Unit)? = null,
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
        keyboardOptions = KeyboardOptions(keyboardType = kind, imeAction = if (next != null) ImeAction.Next else ImeAction.Default),
        keyboardActions = KeyboardActions { next?.invoke() },
        singleLine = lines == 1,
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
    LaunchedEffect(state.targetCount) {
        if (state.target == question.at) {
            focus.requestFocus()
            model.arrived()
        }
    }
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
        next = model::main,
    )
}

/** `2.` on its way to `2.5` is the number 2: it must not be rewritten under the thumb. */
private fun sameNumber(
    stored: String,
    typed: String,
): Boolean = typed.toDoubleOrNull()?.let { it == stored.toDoubleOrNull() } ?: (stored == typed.trim())
