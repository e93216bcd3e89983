package org.xuncha.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import org.xuncha.bridge.CaseState
import org.xuncha.core.CaseView
import org.xuncha.core.HistoryRow
import org.xuncha.core.PhotoView

/** 案卷: how long is left, who answers for it, before and after, and its history, the newest first. */
@Composable
fun CaseScreen(
    state: CaseState,
    back: () -> Unit,
) {
    val words = Ink.words
    Column(Modifier.fillMaxSize()) {
        TitleRow(state.case?.row?.headline ?: words.ledger, back)
        LazyColumn(Modifier.weight(1f).testTag("case-page")) {
            state.problem?.let { item { Notice("alert", it, Modifier.padding(Dimens.margin)) } }
            state.case?.let { case ->
                item { Head(case) }
                photos(words.beforePhotos, case.before)
                photos(words.afterPhotos, case.after)
                item { SectionHead(words.history) }
                items(case.history, key = { it.id + it.what }) { Line(it) }
            }
        }
    }
}

@Composable
private fun Head(case: CaseView) {
    Column(Modifier.padding(Dimens.margin), verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        CaseMarks(case.row)
        if (case.row.deadlineSentence.isNotEmpty()) Words1(case.row.deadlineSentence, Ink.type.q)
        if (case.limitLine.isNotEmpty()) Words1(case.limitLine, Ink.type.body, Ink.palette.text2)
        How(case.deadlineExplained)
        Words1(case.responsibleLine, Ink.type.body)
        Words1(case.description, Ink.type.body)
        val small = listOf(case.row.number, case.row.mark).filter(String::isNotEmpty).joinToString(" · ")
        if (small.isNotEmpty()) Words1(small, Ink.type.small, Ink.palette.text2)
    }
}

private fun androidx.compose.foundation.lazy.LazyListScope.photos(
    title: String,
    photos: List<PhotoView>,
) {
    if (photos.isEmpty()) return
    item { SectionHead(title) }
    items(photos, key = { title + it.id }) { PhotoLine(it, Modifier.padding(horizontal = Dimens.margin, vertical = Dimens.space8)) }
}

@Composable
private fun Line(row: HistoryRow) {
    ListRow(onClick = null, Modifier.testTag("history")) {
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
            Words1(listOf(row.`when`, row.who, row.what).filter(String::isNotEmpty).joinToString(" "), Ink.type.body)
            if (row.detail.isNotEmpty()) Words1(row.detail, Ink.type.body, Ink.palette.text2)
            val more = listOf(if (row.photos > 0u) Ink.words.photoCount(row.photos) else "", row.mark)
            val small = more.filter(String::isNotEmpty).joinToString(" · ")
            if (small.isNotEmpty()) Words1(small, Ink.type.small, Ink.palette.text2)
        }
    }
}
