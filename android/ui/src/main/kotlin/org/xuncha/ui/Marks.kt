package org.xuncha.ui

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.platform.LocalDensity

/** What a state's colours say beside its icon and word. */
enum class Role { PRIMARY, DANGER, WARN, OK, HINT, NEUTRAL }

/** The role of an icon name that the core gives. */
fun roleOf(icon: String): Role =
    when (icon) {
        "alert", "hand" -> Role.DANGER
        "clock", "arrow_up", "box", "loop" -> Role.WARN
        "shield_check", "check" -> Role.OK
        "play" -> Role.PRIMARY
        "eye" -> Role.HINT
        else -> Role.NEUTRAL
    }

/** The role of a deadline's tone word. */
fun roleOfTone(tone: String): Role =
    when (tone) {
        "danger" -> Role.DANGER
        "warn" -> Role.WARN
        "ok" -> Role.OK
        else -> Role.NEUTRAL
    }

fun Palette.of(role: Role): Color =
    when (role) {
        Role.PRIMARY -> primary
        Role.DANGER -> danger
        Role.WARN -> warn
        Role.OK -> ok
        Role.HINT -> hint
        Role.NEUTRAL -> neutral
    }

fun Palette.fillOf(role: Role): Color =
    when (role) {
        Role.PRIMARY -> primaryFill
        Role.DANGER -> dangerFill
        Role.WARN -> warnFill
        Role.OK -> okFill
        Role.HINT -> hintFill
        Role.NEUTRAL -> neutralFill
    }

fun Palette.onFillOf(role: Role): Color =
    when (role) {
        Role.PRIMARY -> onPrimaryFill
        Role.DANGER -> onDangerFill
        Role.WARN -> onWarnFill
        Role.OK -> onOkFill
        Role.HINT -> onHintFill
        Role.NEUTRAL -> onNeutralFill
    }

/** A state: icon and word on its colour. The word is never cut. */
@Composable
fun StateMark(
    icon: String,
    word: String,
    role: Role = roleOf(icon),
    modifier: Modifier = Modifier,
) {
    val ink = Ink.palette.onFillOf(role)
    val shape = RoundedCornerShape(Dimens.cornerInput)
    Row(
        modifier
            .background(Ink.palette.fillOf(role), shape)
            .border(Ink.line, Ink.palette.of(role), shape)
            .padding(horizontal = Dimens.space8, vertical = Dimens.space4),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space4),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Mark(icon, ink)
        Words1(word, Ink.type.small, ink)
    }
}

/** An icon alone, always next to its word; it grows with the text. */
@Composable
fun Mark(
    icon: String,
    colour: Color,
    modifier: Modifier = Modifier,
) {
    val side = Dimens.icon * LocalDensity.current.fontScale
    Canvas(modifier.size(side)) { draw(icon, colour) }
}

private fun DrawScope.draw(
    icon: String,
    colour: Color,
) {
    val w = size.width
    val pen = Stroke(width = w * 0.11f, cap = StrokeCap.Round, join = StrokeJoin.Round)

    fun line(vararg points: Float) {
        val path = Path()
        path.moveTo(points[0] * w, points[1] * w)
        for (i in 2 until points.size step 2) path.lineTo(points[i] * w, points[i + 1] * w)
        drawPath(path, colour, style = pen)
    }

    fun ring() = drawCircle(colour, radius = w * 0.42f, style = pen)

    when (icon) {
        "alert" -> {
            line(.5f, .1f, .94f, .88f, .06f, .88f, .5f, .1f)
            line(.5f, .4f, .5f, .6f)
            drawCircle(colour, w * .06f, Offset(w * .5f, w * .75f))
        }
        "clock" -> {
            ring()
            line(.5f, .26f, .5f, .52f, .68f, .6f)
        }
        "arrow_up" -> {
            ring()
            line(.5f, .74f, .5f, .28f)
            line(.32f, .46f, .5f, .28f, .68f, .46f)
        }
        "shield_check" -> {
            line(.5f, .07f, .88f, .2f, .84f, .6f, .5f, .94f, .16f, .6f, .12f, .2f, .5f, .07f)
            line(.33f, .48f, .46f, .62f, .68f, .36f)
        }
        "hand" -> {
            line(.2f, .55f, .34f, .7f, .34f, .24f)
            line(.34f, .45f, .34f, .2f, .5f, .2f, .5f, .5f)
            line(.5f, .2f, .5f, .12f, .65f, .12f, .65f, .5f)
            line(.65f, .22f, .8f, .22f, .8f, .62f, .66f, .9f, .4f, .9f, .2f, .55f)
        }
        "box" -> {
            line(.1f, .32f, .5f, .12f, .9f, .32f, .9f, .74f, .5f, .92f, .1f, .74f, .1f, .32f)
            line(.1f, .32f, .5f, .52f, .9f, .32f)
            line(.5f, .52f, .5f, .92f)
        }
        "play" -> line(.26f, .14f, .84f, .5f, .26f, .86f, .26f, .14f)
        "pause" -> {
            line(.34f, .16f, .34f, .84f)
            line(.66f, .16f, .66f, .84f)
        }
        "loop" -> {
            drawArc(colour, 40f, 280f, false, Offset(w * .1f, w * .1f), Size(w * .8f, w * .8f), style = pen)
            line(.62f, .14f, .86f, .22f, .84f, .46f)
        }
        "check" -> line(.12f, .54f, .4f, .8f, .9f, .24f)
        "eye" -> {
            val path = Path()
            path.moveTo(w * .05f, w * .5f)
            path.quadraticTo(w * .5f, w * .02f, w * .95f, w * .5f)
            path.quadraticTo(w * .5f, w * .98f, w * .05f, w * .5f)
            drawPath(path, colour, style = pen)
            drawCircle(colour, w * .12f)
        }
        "back" -> line(.64f, .14f, .28f, .5f, .64f, .86f)
        "on" -> line(.38f, .2f, .66f, .5f, .38f, .8f)
        "down" -> line(.16f, .36f, .5f, .68f, .84f, .36f)
        "up" -> line(.16f, .64f, .5f, .32f, .84f, .64f)
        "camera" -> {
            line(.08f, .3f, .3f, .3f, .38f, .16f, .62f, .16f, .7f, .3f, .92f, .3f, .92f, .82f, .08f, .82f, .08f, .3f)
            drawCircle(colour, w * .16f, Offset(w * .5f, w * .55f), style = pen)
        }
        "place" -> {
            drawCircle(colour, w * .13f, Offset(w * .5f, w * .38f), style = pen)
            line(.5f, .94f, .22f, .52f, .22f, .26f, .38f, .1f, .62f, .1f, .78f, .26f, .78f, .52f, .5f, .94f)
        }
        "inbox" -> {
            line(.1f, .56f, .24f, .14f, .76f, .14f, .9f, .56f, .9f, .86f, .1f, .86f, .1f, .56f)
            line(.1f, .56f, .34f, .56f, .4f, .68f, .6f, .68f, .66f, .56f, .9f, .56f)
        }
        "cross" -> {
            line(.18f, .18f, .82f, .82f)
            line(.82f, .18f, .18f, .82f)
        }
        "list" -> for (y in listOf(.22f, .5f, .78f)) line(.1f, y, .9f, y)
        "person" -> {
            drawCircle(colour, w * .18f, Offset(w * .5f, w * .3f), style = pen)
            line(.14f, .9f, .22f, .66f, .5f, .58f, .78f, .66f, .86f, .9f)
        }
        "day" -> {
            line(.12f, .22f, .88f, .22f, .88f, .88f, .12f, .88f, .12f, .22f)
            line(.12f, .44f, .88f, .44f)
            line(.32f, .1f, .32f, .26f)
            line(.68f, .1f, .68f, .26f)
        }
        else -> { // pencil
            line(.12f, .88f, .2f, .62f, .7f, .12f, .88f, .3f, .38f, .8f, .12f, .88f)
        }
    }
}
