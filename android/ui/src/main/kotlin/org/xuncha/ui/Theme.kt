package org.xuncha.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp

/** 跟随系统 / 浅色 / 深色 / 强光. */
enum class Look { SYSTEM, LIGHT, DARK, SUNLIGHT }

/** Opens a picture file; null if it is none. The platform decodes. */
fun interface Pictures {
    fun open(path: String): ImageBitmap?
}

val LocalPalette = staticCompositionLocalOf { Palette.light }
val LocalType = staticCompositionLocalOf { TypeScale.normal }
val LocalLine = staticCompositionLocalOf { Dimens.line }
val LocalPictures = staticCompositionLocalOf<Pictures> { Pictures { null } }

/** Is the screen wider than high? */
val LocalLandscape = staticCompositionLocalOf { false }

/** Short names for what every screen draws with. */
object Ink {
    val palette: Palette @Composable get() = LocalPalette.current
    val type: TypeScale @Composable get() = LocalType.current
    val line: Dp @Composable get() = LocalLine.current
    val words: Words @Composable get() = LocalWords.current
    val landscape: Boolean @Composable get() = LocalLandscape.current

    /** Did the person choose large letters? What stands side by side, or is large already, gives way to what is read then. */
    val large: Boolean @Composable get() = LocalDensity.current.fontScale > 1.3f
}

/** Everything is drawn inside this. State colours are fixed: no dynamic colour. */
@Composable
fun XunchaTheme(
    look: Look = Look.SYSTEM,
    language: String = "zh",
    pictures: Pictures = Pictures { null },
    content: @Composable () -> Unit,
) {
    val dark = look == Look.DARK || look == Look.SYSTEM && isSystemInDarkTheme()
    val palette =
        when {
            look == Look.SUNLIGHT -> Palette.sunlight
            dark -> Palette.dark
            else -> Palette.light
        }
    CompositionLocalProvider(
        LocalPalette provides palette,
        LocalType provides if (look == Look.SUNLIGHT) TypeScale.sunlight else TypeScale.normal,
        LocalLine provides if (look == Look.SUNLIGHT) Dimens.sunlightLine else Dimens.line,
        LocalWords provides Words.of(language),
        LocalPictures provides pictures,
    ) {
        BoxWithConstraints(Modifier.fillMaxSize().background(palette.page)) {
            CompositionLocalProvider(LocalLandscape provides (maxWidth > maxHeight), content)
        }
    }
}
