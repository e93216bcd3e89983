package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.Layout
import androidx.compose.ui.unit.Constraints

/**
 * A screen and its action zone: beneath it, or in landscape a column at its right, where the thumb is then.
 *
 * One layout for both, so that nothing of the screen is made anew when the phone is turned.
 */
@Composable
fun Framed(
    zone: @Composable () -> Unit,
    content: @Composable ColumnScope.() -> Unit,
) {
    val landscape = Ink.landscape
    Layout(listOf({ Column(content = content) }, zone), Modifier.fillMaxSize()) { (screens, zones), room ->
        val across = if (landscape) Dimens.landscapeZone.roundToPx() else room.maxWidth
        val zoneRoom = Constraints(across, across, if (landscape) room.maxHeight else 0, room.maxHeight)
        val placedZones = zones.map { it.measure(zoneRoom) }
        val width = if (landscape) room.maxWidth - across else room.maxWidth
        val height = if (landscape) room.maxHeight else room.maxHeight - placedZones.sumOf { it.height }
        val placedScreens = screens.map { it.measure(Constraints.fixed(width, height)) }
        layout(room.maxWidth, room.maxHeight) {
            placedScreens.forEach { it.place(0, 0) }
            placedZones.forEach { it.place(if (landscape) width else 0, if (landscape) 0 else height) }
        }
    }
}

/** A button of the action zone. */
class ZoneButton(
    val label: String,
    val tag: String,
    /** Does it share the row evenly with the wide button? */
    val even: Boolean = false,
    val press: () -> Unit,
)

/** What is pressed most, lowest on the screen: the wide button, and at most a second way at its left or, in landscape and in large letters, over it. */
@Composable
fun ActionZone(
    main: ZoneButton,
    side: ZoneButton? = null,
) {
    val ground = Modifier.background(Ink.palette.surface)
    if (Ink.landscape) {
        Column(
            ground
                .before(Ink.palette.hairline, Ink.line)
                .fillMaxSize()
                .verticalScroll(rememberScrollState(), reverseScrolling = true)
                .padding(Dimens.space12),
            verticalArrangement = Arrangement.spacedBy(Dimens.space12, Alignment.Bottom),
        ) {
            side?.let { SideButton(it, Modifier.fillMaxWidth()) }
            WideButton(main, Modifier.fillMaxWidth())
        }
    } else if (side != null && Ink.large) {
        Column(
            ground
                .over(Ink.palette.hairline, Ink.line)
                .padding(horizontal = Dimens.margin, vertical = Dimens.space8),
            verticalArrangement = Arrangement.spacedBy(Dimens.touchGap),
        ) {
            SideButton(side, Modifier.fillMaxWidth())
            WideButton(main, Modifier.fillMaxWidth())
        }
    } else {
        Row(
            ground
                .over(Ink.palette.hairline, Ink.line)
                .fillMaxWidth()
                .padding(horizontal = Dimens.margin, vertical = Dimens.space8),
            horizontalArrangement = Arrangement.spacedBy(Dimens.touchGap),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            side?.let { SideButton(it, if (it.even) Modifier.weight(1f) else Modifier) }
            WideButton(main, Modifier.weight(1f))
        }
    }
}

/** ＋ 拍照上报 over the bar, at the right. */
@Composable
fun ReportZone(report: () -> Unit) {
    if (Ink.landscape) {
        Column(
            Modifier.fillMaxHeight().padding(Dimens.space12),
            verticalArrangement = Arrangement.Bottom,
            horizontalAlignment = Alignment.End,
        ) { ReportButton(report) }
    } else {
        Row(
            Modifier.fillMaxWidth().padding(horizontal = Dimens.margin, vertical = Dimens.space8),
            horizontalArrangement = Arrangement.End,
        ) { ReportButton(report) }
    }
}
