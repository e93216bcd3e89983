package org.xuncha.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.platform.testTag
import org.xuncha.bridge.Device
import org.xuncha.bridge.EnrolModel
import org.xuncha.bridge.EnrolState
import org.xuncha.core.Identity

/** The first start: the code, then whether this is the right person, since the wrong one is the costliest mistake. */
@Composable
fun EnrolScreen(
    state: EnrolState,
    model: EnrolModel,
    device: Device,
    start: () -> Unit,
) {
    val identity = state.identity
    if (identity == null) CodePage(state, model, device) else YouPage(state, identity, model, start)
}

@Composable
private fun CodePage(
    state: EnrolState,
    model: EnrolModel,
    device: Device,
) {
    val words = Ink.words
    val focus = remember { FocusRequester() }
    var note by remember { mutableStateOf("") }
    val label =
        when {
            state.busy -> words.working
            state.code.isBlank() -> words.codeFirst
            else -> words.enrol
        }
    val main = ZoneButton(label, "main") { if (state.code.isBlank()) focus.requestFocus() else model.enrol() }
    Framed({ ActionZone(main) }) {
        TitleRow(words.enrolTitle)
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Dimens.margin),
            verticalArrangement = Arrangement.spacedBy(Dimens.space12),
        ) {
            Words1(words.enrolSay, Ink.type.body)
            Words1(words.code, Ink.type.q)
            Field(state.code, words.code, { note = ""; model.type(it) }, "code", Modifier.focusRequester(focus), lines = CODE_LINES)
            PlainButton(
                words.paste,
                "paste",
                {
                    val copied = device.copied()
                    note = if (copied == null) words.nothingCopied else ""
                    copied?.let { model.type(it.trim()) }
                },
                Modifier.fillMaxWidth(),
            )
            state.preview?.let {
                Words1(words.platform(it.hub), Ink.type.body, modifier = Modifier.testTag("platform"))
                if (it.pinLine.isNotEmpty()) Words1(it.pinLine, Ink.type.small, Ink.palette.text2)
            }
            val problem = state.problem ?: note
            if (problem.isNotEmpty()) Notice("alert", problem, Modifier.live().testTag("problem"))
            Words1(words.noCode, Ink.type.body, Ink.palette.text2)
        }
    }
}

private const val CODE_LINES = 4

@Composable
private fun YouPage(
    state: EnrolState,
    identity: Identity,
    model: EnrolModel,
    start: () -> Unit,
) {
    val words = Ink.words
    val main = ZoneButton(if (state.busy) words.working else words.itIsMe, "its-me", press = start)
    Framed({ ActionZone(main, ZoneButton(words.notMe, "not-me", press = model::notMe)) }) {
        TitleRow(words.isItYou)
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Dimens.margin),
            verticalArrangement = Arrangement.spacedBy(Dimens.space12),
        ) {
            Words1(identity.name, Ink.type.h1, modifier = Modifier.testTag("you"))
            Words1(listOf(identity.bureau, identity.unit).filter(String::isNotEmpty).joinToString(" "), Ink.type.body)
            Words1(words.platform(identity.hub), Ink.type.body, Ink.palette.text2)
            Words1(words.fetchedNext, Ink.type.body)
            state.problem?.let { Notice("alert", it, Modifier.live()) }
        }
    }
}
