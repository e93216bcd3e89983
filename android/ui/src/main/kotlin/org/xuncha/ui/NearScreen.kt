package org.xuncha.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import kotlin.math.roundToInt
import org.xuncha.bridge.NearModel
import org.xuncha.bridge.NearState
import org.xuncha.core.SiteRow

/** 附近: sites, the nearest first; a tap reports a problem there, the button one anywhere. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun NearScreen(
    state: NearState,
    model: NearModel,
    reportAt: (SiteRow) -> Unit,
    report: () -> Unit,
) {
    val words = Ink.words
    val sites = state.sites
    Framed({ ReportZone(report) }) {
        TitleRow(words.near)
        LazyColumn(Modifier.weight(1f).testTag("near")) {
            item {
                FlowRow(
                    Modifier.fillMaxWidth().padding(horizontal = Dimens.margin, vertical = Dimens.space8),
                    horizontalArrangement = Arrangement.SpaceBetween,
                    itemVerticalAlignment = Alignment.CenterVertically,
                ) {
                    val fix = state.accuracyM?.let { words.fixAbout(it.roundToInt()) } ?: words.noFix
                    Words1(fix, Ink.type.body, Ink.palette.text2, Modifier.padding(end = Dimens.space8))
                    PlainButton(words.positionAgain, "locate", model::locate, icon = "place")
                }
            }
            state.problem?.let { item { Notice("alert", it, Modifier.padding(Dimens.margin)) } }
            if (sites != null && sites.isEmpty()) {
                item { Words1(words.noSites, Ink.type.body, modifier = Modifier.padding(Dimens.margin)) }
            }
            items(sites.orEmpty(), key = { it.id }) { Site(it, reportAt) }
        }
    }
}

@Composable
private fun Site(
    row: SiteRow,
    report: (SiteRow) -> Unit,
) {
    ListRow({ report(row) }, Modifier.testTag("site")) {
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
            Words1(row.name, Ink.type.q)
            Words1(listOf(row.kindWord, row.distanceLine).filter(String::isNotEmpty).joinToString(" · "), Ink.type.body)
            if (row.openCases > 0u) StateMark("play", Ink.words.openCases(row.openCases))
            Words1(listOf(row.detail, row.responsible).filter(String::isNotEmpty).joinToString(" · "), Ink.type.small, Ink.palette.text2)
        }
        Words1(Ink.words.reportHere, Ink.type.body, Ink.palette.primary)
        Mark("on", Ink.palette.primary)
    }
}
