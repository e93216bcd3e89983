package org.xuncha.ui

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import org.xuncha.bridge.FormModel
import org.xuncha.bridge.FormState
import org.xuncha.core.Question
import org.xuncha.core.QuestionKind

/** A question: label, hint, control, and what is wrong with the answer right under it. */
@Composable
fun QuestionBlock(
    question: Question,
    state: FormState,
    model: FormModel,
) {
    Column(
        Modifier.fillMaxWidth().padding(horizontal = Dimens.margin, vertical = Dimens.space8).testTag("q:${question.at}"),
        verticalArrangement = Arrangement.spacedBy(Dimens.space8),
    ) {
        if (question.kind != QuestionKind.NOTE && question.kind != QuestionKind.ACKNOWLEDGE) Label(question)
        Picture(question)
        if (question.hint.isNotEmpty()) Words1(question.hint, Ink.type.small, Ink.palette.text2)
        Guidance(question)
        Control(question, state, model)
        if (question.deadlinePreview.isNotEmpty()) {
            Notice("clock", question.deadlinePreview, Modifier.testTag("preview"), role = Role.NEUTRAL)
            How(question.deadlineExplained)
        }
        val problem = state.refused.takeIf { state.refusedAt == question.at && it.isNotEmpty() } ?: question.problem
        if (problem.isNotEmpty()) Notice("alert", problem, Modifier.live().testTag("problem"))
        if (state.refusedAt == question.at && question.kind == QuestionKind.GEO_POINT && state.refused.isEmpty()) {
            Notice("place", Ink.words.noPosition, role = Role.WARN)
        }
    }
}

@Composable
private fun Label(question: Question) {
    val spoken = if (question.required) Ink.words.required(question.label) else question.label
    Words1(
        if (question.required) "${question.label} *" else question.label,
        Ink.type.q,
        modifier = Modifier.semantics { contentDescription = spoken },
    )
}

/** The picture beside the label; one that the form has larger too grows when it is touched. */
@Composable
private fun Picture(question: Question) {
    var large by remember(question.at) { mutableStateOf(false) }
    val grows = question.image.isNotEmpty() && question.bigImage.isNotEmpty()
    val path = if (question.image.isEmpty() || large) question.bigImage else question.image
    val press = if (grows) Modifier.clickable(role = SemanticRole.Button) { large = !large } else Modifier
    val height = if (large) Modifier else Modifier.heightIn(max = Dimens.space48 * 5)
    FormPicture(path.ifEmpty { question.image }, question.label, Modifier.fillMaxWidth().then(height).then(press))
}

@Composable
private fun Guidance(question: Question) {
    if (question.guidance.isEmpty()) return
    var open by remember(question.at) { mutableStateOf(false) }
    PlainButton(Ink.words.howTo, "guidance", { open = !open }, icon = if (open) "up" else "down")
    if (open) Words1(question.guidance, Ink.type.body)
}

@Composable
private fun Control(
    question: Question,
    state: FormState,
    model: FormModel,
) {
    if (question.readonly && question.kind != QuestionKind.NOTE) {
        Words1(question.value?.display ?: Ink.words.none, Ink.type.body)
        return
    }
    when (question.kind) {
        QuestionKind.SELECT_ONE, QuestionKind.SELECT_MANY, QuestionKind.RANK -> Choices(question, model)
        QuestionKind.NOTE -> Words1(question.label, Ink.type.body)
        QuestionKind.ACKNOWLEDGE -> AcknowledgeRow(question, model)
        QuestionKind.DATE, QuestionKind.TIME, QuestionKind.DATE_TIME -> Moment(question, model)
        QuestionKind.GEO_POINT -> Position(question, model)
        QuestionKind.IMAGE -> Photos(question, model)
        QuestionKind.FILE -> Files(question, model)
        QuestionKind.INTEGER, QuestionKind.DECIMAL, QuestionKind.RANGE, QuestionKind.TEXT,
        QuestionKind.BARCODE, QuestionKind.OTHER,
        -> TypedField(question, state, model)
    }
}
