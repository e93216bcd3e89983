package org.xuncha.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import org.xuncha.core.FormRow
import org.xuncha.core.SyncStatus
import org.xuncha.core.Today

/** 我的: what is at the platform and what is not, every form, and how the phone looks and speaks. */
@Composable
fun MineScreen(
    today: Today?,
    status: SyncStatus?,
    forms: List<FormRow>,
    shell: Shell,
    sync: () -> Unit,
    start: (FormRow) -> Unit,
) {
    val words = Ink.words
    Column(Modifier.fillMaxSize()) {
        TitleRow(words.mine)
        LazyColumn(Modifier.weight(1f).testTag("mine")) {
            today?.let { item { Words1(it.whoLine, Ink.type.q, modifier = Modifier.padding(Dimens.margin)) } }
            if (today != null && status != null) {
                item {
                    ListRow(sync, Modifier.testTag("to-sync")) {
                        Mark(today.safety.icon, Ink.palette.of(roleOf(today.safety.icon)))
                        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
                            Words1(words.syncTitle, Ink.type.q)
                            Words1(status.sentence, Ink.type.body)
                            Words1(status.dataTimeLine, Ink.type.small, Ink.palette.text2)
                        }
                        Words1(words.look, Ink.type.body, Ink.palette.primary)
                        Mark("on", Ink.palette.primary)
                    }
                }
            }
            if (forms.isNotEmpty()) item { SectionHead(words.forms) }
            items(forms, key = { it.form }) { Form(it, start) }
            item { SectionHead(words.display) }
            item {
                val looks =
                    listOf(
                        Look.SYSTEM to words.lookSystem,
                        Look.LIGHT to words.lookLight,
                        Look.DARK to words.lookDark,
                        Look.SUNLIGHT to words.lookSunlight,
                    )
                Options {
                    for ((look, word) in looks) OneOf(word, shell.look == look, "look-${look.name.lowercase()}") { shell.choose(look) }
                }
            }
            item { SectionHead(words.languageTitle) }
            item {
                Options {
                    for ((code, name) in LANGUAGES) OneOf(name, shell.language == code, "speak-$code") { shell.speak(code) }
                }
            }
        }
    }
}

@Composable
private fun Form(
    row: FormRow,
    start: (FormRow) -> Unit,
) {
    ListRow({ start(row) }, Modifier.testTag("form-${row.form}")) {
        Words1(row.title, Ink.type.q, modifier = Modifier.weight(1f))
        Words1(Ink.words.fillIn, Ink.type.body, Ink.palette.primary)
        Mark("on", Ink.palette.primary)
    }
}

/** Each in its own words, so that it is found in any. */
private val LANGUAGES = listOf("zh" to "中文", "en" to "English")

@Composable
private fun Options(content: @Composable () -> Unit) {
    Column(
        Modifier.fillMaxWidth().selectableGroup().padding(horizontal = Dimens.margin, vertical = Dimens.space8),
        verticalArrangement = Arrangement.spacedBy(Dimens.touchGap),
    ) { content() }
}
