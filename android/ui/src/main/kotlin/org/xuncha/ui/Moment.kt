package org.xuncha.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextAlign
import java.time.LocalDateTime
import java.time.OffsetDateTime
import java.time.ZoneOffset
import java.time.temporal.ChronoUnit
import org.xuncha.bridge.FormModel
import org.xuncha.core.Answer
import org.xuncha.core.Question
import org.xuncha.core.QuestionKind

/** A day, a time of day, or both: chips for the common ones, then steps with large buttons. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun Moment(
    question: Question,
    model: FormModel,
) {
    val words = Ink.words
    val now = LocalDateTime.ofEpochSecond(model.nowMs() / 1000, 0, ZoneOffset.ofTotalSeconds(model.offsetMinutes() * 60))
    val minute = now.truncatedTo(ChronoUnit.MINUTES)
    var open by remember(question.at) { mutableStateOf(false) }
    val at = readMoment(question, minute)
    val set = { moment: LocalDateTime -> model.answer(question, momentAnswer(question.kind, moment, model.offsetMinutes())) }
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        question.value?.let { Words1(it.display, Ink.type.body) }
        FlowRow(
            horizontalArrangement = Arrangement.spacedBy(Dimens.touchGap),
            verticalArrangement = Arrangement.spacedBy(Dimens.touchGap),
        ) {
            if (question.kind == QuestionKind.DATE) {
                PlainButton(words.todayChip, "today:${question.at}", { set(minute) })
                PlainButton(words.yesterdayChip, "yesterday:${question.at}", { set(minute.minusDays(1)) })
            } else {
                PlainButton(words.nowChip, "now:${question.at}", { set(minute) })
            }
            PlainButton(words.change, "change:${question.at}", { open = !open }, icon = if (open) "up" else "down")
        }
        if (open) {
            if (question.kind != QuestionKind.TIME) {
                Step(words.year, at.year.toString(), { set(at.minusYears(1)) }) { set(at.plusYears(1)) }
                Step(words.month, at.monthValue.toString(), { set(at.minusMonths(1)) }) { set(at.plusMonths(1)) }
                Step(words.day, at.dayOfMonth.toString(), { set(at.minusDays(1)) }) { set(at.plusDays(1)) }
            }
            if (question.kind != QuestionKind.DATE) {
                Step(words.hour, at.hour.toString(), { set(at.minusHours(1)) }) { set(at.plusHours(1)) }
                Step(words.minute, at.minute.toString(), { set(at.minusMinutes(5)) }) { set(at.plusMinutes(5)) }
            }
        }
    }
}

@Composable
private fun Step(
    unit: String,
    value: String,
    less: () -> Unit,
    plus: () -> Unit,
) {
    val words = Ink.words
    Row(
        Modifier.fillMaxWidth(),
        horizontalArrangement = Arrangement.spacedBy(Dimens.touchGap),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        PlainButton("−", "less", less, Modifier.named(words.less(unit)))
        Words1(words.step(unit, value), Ink.type.q, modifier = Modifier.weight(1f), align = TextAlign.Center)
        PlainButton("+", "plus", plus, Modifier.named(words.plus(unit)))
    }
}

/** The stored answer, or [otherwise] where there is none yet. */
private fun readMoment(
    question: Question,
    otherwise: LocalDateTime,
): LocalDateTime {
    val raw = question.value?.raw ?: return otherwise
    return runCatching {
        when (question.kind) {
            QuestionKind.DATE -> java.time.LocalDate.parse(raw.take(10)).atTime(otherwise.toLocalTime())
            QuestionKind.TIME -> otherwise.toLocalDate().atTime(java.time.LocalTime.parse(raw.take(5)))
            else -> OffsetDateTime.parse(raw).toLocalDateTime()
        }
    }.getOrDefault(otherwise)
}

private fun momentAnswer(
    kind: QuestionKind,
    at: LocalDateTime,
    offsetMinutes: Int,
): Answer {
    val offset = ZoneOffset.ofTotalSeconds(offsetMinutes * 60)
    val clock = "%02d:%02d:00.000".format(at.hour, at.minute)
    return when (kind) {
        QuestionKind.DATE -> Answer.Date(at.toLocalDate().toString())
        QuestionKind.TIME -> Answer.Time(clock + offset.id)
        else -> Answer.DateTime("${at.toLocalDate()}T$clock${offset.id}")
    }
}
