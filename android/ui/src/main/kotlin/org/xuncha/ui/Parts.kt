package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicText
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.Role as SemanticRole
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow

/** Text in a style and colour of the tokens. */
@Composable
fun Words1(
    text: String,
    style: TextStyle,
    colour: Color = Ink.palette.text,
    modifier: Modifier = Modifier,
    align: TextAlign = TextAlign.Start,
    maxLines: Int = Int.MAX_VALUE,
) {
    BasicText(
        text,
        modifier,
        style.copy(color = colour, textAlign = align),
        overflow = TextOverflow.MiddleEllipsis.takeIf { maxLines == 1 } ?: TextOverflow.Ellipsis,
        maxLines = maxLines,
    )
}

/** The title row: where one is, at the top; nothing has to be pressed there but the way back. */
@Composable
fun TitleRow(
    title: String,
    onBack: (() -> Unit)? = null,
    end: @Composable RowScope.() -> Unit = {},
) {
    Row(
        Modifier
            .fillMaxWidth()
            .background(Ink.palette.surface)
            .under(Ink.palette.hairline, Ink.line)
            .heightIn(min = Dimens.primaryButton)
            .padding(end = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (onBack != null) {
            val back = Ink.words.back
            Box(
                Modifier
                    .sizeIn(minWidth = Dimens.touchTarget, minHeight = Dimens.touchTarget)
                    .clickable(onClickLabel = back, role = SemanticRole.Button, onClick = onBack)
                    .named(back)
                    .testTag("back"),
                contentAlignment = Alignment.Center,
            ) { Mark("back", Ink.palette.text) }
        }
        Words1(
            title,
            if (Ink.large) Ink.type.q else Ink.type.h1,
            modifier =
                Modifier
                    .weight(1f)
                    .padding(start = if (onBack == null) Dimens.margin else Dimens.space4, top = Dimens.space8, bottom = Dimens.space8)
                    .semantics { heading() },
        )
        end()
    }
}

/** A section's heading. */
@Composable
fun SectionHead(
    text: String,
    end: String = "",
) {
    Row(
        Modifier.fillMaxWidth().padding(start = Dimens.margin, end = Dimens.margin, top = Dimens.space16, bottom = Dimens.space4),
        horizontalArrangement = Arrangement.SpaceBetween,
        verticalAlignment = Alignment.Bottom,
    ) {
        Words1(text, Ink.type.h2, modifier = Modifier.weight(1f).semantics { heading() })
        if (end.isNotEmpty()) Words1(end, Ink.type.small, Ink.palette.text2)
    }
}

/** A row of a list, one element for a screen reader. */
@Composable
fun ListRow(
    onClick: (() -> Unit)?,
    modifier: Modifier = Modifier,
    /** What a screen reader says of it, where that is not what stands there in its order. */
    spoken: String? = null,
    content: @Composable RowScope.() -> Unit,
) {
    Row(
        modifier
            .fillMaxWidth()
            .semantics(mergeDescendants = true) { if (spoken != null) contentDescription = spoken }
            .background(Ink.palette.surface)
            .under(Ink.palette.hairline, Ink.line)
            .heightIn(min = Dimens.listRow)
            .then(if (onClick == null) Modifier else Modifier.clickable(role = SemanticRole.Button, onClick = onClick))
            .padding(horizontal = Dimens.margin, vertical = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8),
        verticalAlignment = Alignment.CenterVertically,
        content = content,
    )
}

/** The wide button: what leads on. It is never grey. */
@Composable
internal fun WideButton(
    button: ZoneButton,
    modifier: Modifier,
) {
    PressArea(button.tag, button.press, modifier, fill = Ink.palette.primary, edge = Ink.palette.primary, tall = true) {
        Words1(button.label, Ink.type.q, Ink.palette.onPrimary, align = TextAlign.Center)
    }
}

/** A second way beside the wide button. */
@Composable
internal fun SideButton(
    button: ZoneButton,
    modifier: Modifier,
) {
    PressArea(button.tag, button.press, modifier, fill = Ink.palette.surface, edge = Ink.palette.primary, tall = true) {
        Words1(button.label, Ink.type.q, Ink.palette.primary, align = TextAlign.Center)
    }
}

/** A smaller button within a page. */
@Composable
fun PlainButton(
    label: String,
    tag: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    icon: String? = null,
) {
    PressArea(tag, onClick, modifier, fill = Ink.palette.surface, edge = Ink.palette.edge) {
        if (icon != null) Mark(icon, Ink.palette.primary)
        Words1(label, Ink.type.body, Ink.palette.primary, align = TextAlign.Center)
    }
}

@Composable
private fun PressArea(
    tag: String,
    onClick: () -> Unit,
    modifier: Modifier,
    fill: Color,
    edge: Color,
    tall: Boolean = false,
    content: @Composable RowScope.() -> Unit,
) {
    val shape = RoundedCornerShape(Dimens.cornerCard)
    Row(
        modifier
            .sizeIn(minWidth = Dimens.touchTarget, minHeight = if (tall) Dimens.primaryButton else Dimens.touchTarget)
            .background(fill, shape)
            .border(Ink.line, edge, shape)
            .clickable(role = SemanticRole.Button, onClick = onClick)
            .testTag(tag)
            .padding(horizontal = Dimens.space12, vertical = Dimens.space8),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space8, Alignment.CenterHorizontally),
        verticalAlignment = Alignment.CenterVertically,
        content = content,
    )
}

/** 怎么算的: one tap away, right beneath what was computed. */
@Composable
fun How(explained: String) {
    if (explained.isEmpty()) return
    var open by remember(explained) { mutableStateOf(false) }
    PlainButton(Ink.words.how, "how", { open = !open }, icon = if (open) "up" else "down")
    if (open) Words1(explained, Ink.type.body, modifier = Modifier.testTag("explained"))
}

/** A sentence on the colour of its role, with what can be done about it. */
@Composable
fun Notice(
    icon: String,
    sentence: String,
    modifier: Modifier = Modifier,
    role: Role = roleOf(icon),
    actions: @Composable (ColumnScope.() -> Unit)? = null,
) {
    val shape = RoundedCornerShape(Dimens.cornerCard)
    val ink = Ink.palette.onFillOf(role)
    Column(
        modifier
            .fillMaxWidth()
            .background(Ink.palette.fillOf(role), shape)
            .border(Ink.line, Ink.palette.of(role), shape)
            .padding(Dimens.space12),
        verticalArrangement = Arrangement.spacedBy(Dimens.space8),
    ) {
        Row(horizontalArrangement = Arrangement.spacedBy(Dimens.space8)) {
            Mark(icon, ink, Modifier.padding(top = Dimens.space4))
            Words1(sentence, Ink.type.body, ink, Modifier.weight(1f))
        }
        actions?.invoke(this)
    }
}

/** A line under a row. */
fun Modifier.under(
    colour: Color,
    width: androidx.compose.ui.unit.Dp,
): Modifier =
    drawBehind {
        val thick = width.toPx()
        drawLine(colour, Offset(0f, size.height - thick / 2), Offset(size.width, size.height - thick / 2), thick)
    }

/** A line over a row. */
fun Modifier.over(
    colour: Color,
    width: androidx.compose.ui.unit.Dp,
): Modifier =
    drawBehind {
        val thick = width.toPx()
        drawLine(colour, Offset(0f, thick / 2), Offset(size.width, thick / 2), thick)
    }

/** A line before a column. */
fun Modifier.before(
    colour: Color,
    width: androidx.compose.ui.unit.Dp,
): Modifier =
    drawBehind {
        val thick = width.toPx()
        drawLine(colour, Offset(thick / 2, 0f), Offset(thick / 2, size.height), thick)
    }
