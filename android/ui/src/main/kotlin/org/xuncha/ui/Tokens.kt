// Made by `cargo xtask tokens` from content/design/tokens.json: change it there.
package org.xuncha.ui

import androidx.compose.runtime.Immutable
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/** Colours by role. */
@Immutable
data class Palette(
    val chart1: Color,
    val chart2: Color,
    val chart3: Color,
    val chart4: Color,
    val chart5: Color,
    val chart6: Color,
    val danger: Color,
    val dangerFill: Color,
    val edge: Color,
    val hairline: Color,
    val hint: Color,
    val hintFill: Color,
    val neutral: Color,
    val neutralFill: Color,
    val ok: Color,
    val okFill: Color,
    val onDangerFill: Color,
    val onHintFill: Color,
    val onNeutralFill: Color,
    val onOkFill: Color,
    val onPrimary: Color,
    val onPrimaryFill: Color,
    val onWarnFill: Color,
    val page: Color,
    val primary: Color,
    val primaryFill: Color,
    val raised: Color,
    val surface: Color,
    val text: Color,
    val text2: Color,
    val warn: Color,
    val warnFill: Color,
) {
    companion object {
        val light = Palette(
            chart1 = Color(0xFF0B57A4L),
            chart2 = Color(0xFFC2410CL),
            chart3 = Color(0xFF00755AL),
            chart4 = Color(0xFF7A3E9DL),
            chart5 = Color(0xFF8A5A00L),
            chart6 = Color(0xFF3F4A57L),
            danger = Color(0xFFB3261EL),
            dangerFill = Color(0xFFFCE9E7L),
            edge = Color(0xFF6A7480L),
            hairline = Color(0xFFC5CCD6L),
            hint = Color(0xFF5A3D98L),
            hintFill = Color(0xFFEFE9FBL),
            neutral = Color(0xFF4A525CL),
            neutralFill = Color(0xFFE8ECF1L),
            ok = Color(0xFF17662EL),
            okFill = Color(0xFFE2F3E6L),
            onDangerFill = Color(0xFF7A1710L),
            onHintFill = Color(0xFF3C2573L),
            onNeutralFill = Color(0xFF2F363FL),
            onOkFill = Color(0xFF0E4720L),
            onPrimary = Color(0xFFFFFFFFL),
            onPrimaryFill = Color(0xFF0A3560L),
            onWarnFill = Color(0xFF5E3200L),
            page = Color(0xFFF5F7FAL),
            primary = Color(0xFF0B57A4L),
            primaryFill = Color(0xFFDCE9F8L),
            raised = Color(0xFFEDF1F6L),
            surface = Color(0xFFFFFFFFL),
            text = Color(0xFF1A1D21L),
            text2 = Color(0xFF434B55L),
            warn = Color(0xFF8A4A00L),
            warnFill = Color(0xFFFFF1DAL),
        )
        val dark = Palette(
            chart1 = Color(0xFF8FC3FFL),
            chart2 = Color(0xFFFF9E6BL),
            chart3 = Color(0xFF5FD3B0L),
            chart4 = Color(0xFFD3A4F0L),
            chart5 = Color(0xFFE8C26AL),
            chart6 = Color(0xFFBAC3CDL),
            danger = Color(0xFFFFB4ABL),
            dangerFill = Color(0xFF5C1611L),
            edge = Color(0xFF8B96A2L),
            hairline = Color(0xFF3A444FL),
            hint = Color(0xFFCDBBFFL),
            hintFill = Color(0xFF3F2C73L),
            neutral = Color(0xFFBAC3CDL),
            neutralFill = Color(0xFF2D353EL),
            ok = Color(0xFF84D79AL),
            okFill = Color(0xFF0E4222L),
            onDangerFill = Color(0xFFFFDAD5L),
            onHintFill = Color(0xFFE9DFFFL),
            onNeutralFill = Color(0xFFDDE3E9L),
            onOkFill = Color(0xFFB6F0C4L),
            onPrimary = Color(0xFF002E59L),
            onPrimaryFill = Color(0xFFD6E8FFL),
            onWarnFill = Color(0xFFFFDFB0L),
            page = Color(0xFF0F1317L),
            primary = Color(0xFF8FC3FFL),
            primaryFill = Color(0xFF143B63L),
            raised = Color(0xFF222931L),
            surface = Color(0xFF171C21L),
            text = Color(0xFFE9ECEFL),
            text2 = Color(0xFFBAC3CDL),
            warn = Color(0xFFFFC46BL),
            warnFill = Color(0xFF4F3100L),
        )
        val sunlight = Palette(
            chart1 = Color(0xFF0B57A4L),
            chart2 = Color(0xFFC2410CL),
            chart3 = Color(0xFF00755AL),
            chart4 = Color(0xFF7A3E9DL),
            chart5 = Color(0xFF8A5A00L),
            chart6 = Color(0xFF3F4A57L),
            danger = Color(0xFF8B0000L),
            dangerFill = Color(0xFF8B0000L),
            edge = Color(0xFF000000L),
            hairline = Color(0xFF000000L),
            hint = Color(0xFF3B1A82L),
            hintFill = Color(0xFFFFFFFFL),
            neutral = Color(0xFF1C1C1CL),
            neutralFill = Color(0xFFF0F0F0L),
            ok = Color(0xFF00471CL),
            okFill = Color(0xFFFFFFFFL),
            onDangerFill = Color(0xFFFFFFFFL),
            onHintFill = Color(0xFF3B1A82L),
            onNeutralFill = Color(0xFF1C1C1CL),
            onOkFill = Color(0xFF00471CL),
            onPrimary = Color(0xFFFFFFFFL),
            onPrimaryFill = Color(0xFF003B7AL),
            onWarnFill = Color(0xFF2B1600L),
            page = Color(0xFFFFFFFFL),
            primary = Color(0xFF003B7AL),
            primaryFill = Color(0xFFFFFFFFL),
            raised = Color(0xFFF0F0F0L),
            surface = Color(0xFFFFFFFFL),
            text = Color(0xFF000000L),
            text2 = Color(0xFF1C1C1CL),
            warn = Color(0xFF5C2F00L),
            warnFill = Color(0xFFFFE08AL),
        )

        /** Under text on a photo, and that text. */
        val scrim = Color(0xB8000000L)
        val onScrim = Color(0xFFFFFFFFL)
    }
}

/** Text styles. */
@Immutable
data class TypeScale(
    val body: TextStyle,
    val h1: TextStyle,
    val h2: TextStyle,
    val num: TextStyle,
    val q: TextStyle,
    val small: TextStyle,
) {
    companion object {
        val normal = TypeScale(
            body = TextStyle(fontSize = 17.sp, lineHeight = 28.sp, fontWeight = FontWeight(400)),
            h1 = TextStyle(fontSize = 22.sp, lineHeight = 32.sp, fontWeight = FontWeight(600)),
            h2 = TextStyle(fontSize = 20.sp, lineHeight = 30.sp, fontWeight = FontWeight(600)),
            num = TextStyle(fontSize = 32.sp, lineHeight = 40.sp, fontWeight = FontWeight(600)),
            q = TextStyle(fontSize = 18.sp, lineHeight = 28.sp, fontWeight = FontWeight(600)),
            small = TextStyle(fontSize = 15.sp, lineHeight = 24.sp, fontWeight = FontWeight(400)),
        )
        val sunlight = TypeScale(
            body = TextStyle(fontSize = 18.sp, lineHeight = 28.sp, fontWeight = FontWeight(600)),
            h1 = TextStyle(fontSize = 24.sp, lineHeight = 34.sp, fontWeight = FontWeight(600)),
            h2 = TextStyle(fontSize = 22.sp, lineHeight = 32.sp, fontWeight = FontWeight(600)),
            num = TextStyle(fontSize = 36.sp, lineHeight = 44.sp, fontWeight = FontWeight(600)),
            q = TextStyle(fontSize = 20.sp, lineHeight = 30.sp, fontWeight = FontWeight(600)),
            small = TextStyle(fontSize = 17.sp, lineHeight = 28.sp, fontWeight = FontWeight(600)),
        )
    }
}

/** Distances and sizes. */
object Dimens {
    val space4 = 4.dp
    val space8 = 8.dp
    val space12 = 12.dp
    val space16 = 16.dp
    val space24 = 24.dp
    val space32 = 32.dp
    val space48 = 48.dp
    val gloveGap = 12.dp
    val gloveTarget = 64.dp
    val icon = 18.dp
    val landscapeZone = 200.dp
    val line = 1.dp
    val listRow = 64.dp
    val margin = 16.dp
    val primaryButton = 56.dp
    val sunlightLine = 2.dp
    val touchGap = 8.dp
    val touchTarget = 48.dp
    val cornerCard = 8.dp
    val cornerInput = 4.dp
    val cornerSheet = 16.dp
    val focusGap = 2.dp
    val focusRing = 3.dp
}

/** Times in milliseconds. */
object Motion {
    const val countAfterMs = 1000
    const val fadeMs = 150
    const val spinnerAfterMs = 300
}
