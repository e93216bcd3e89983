package org.xuncha.desktop

import java.awt.Color
import java.awt.Font
import java.awt.Toolkit
import java.awt.datatransfer.DataFlavor
import java.awt.image.BufferedImage
import java.io.ByteArrayOutputStream
import java.io.File
import java.time.Clock
import java.time.ZoneId
import java.time.ZonedDateTime
import javax.imageio.ImageIO
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.jetbrains.skia.Image
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import org.xuncha.bridge.Device
import org.xuncha.core.Datum
import org.xuncha.core.Fix
import org.xuncha.core.PhotoCapture
import org.xuncha.ui.Pictures

/** A desk's camera, position and clock: drawn JPEGs with EXIF, one fixed place. */
class StandInDevice(
    private val folder: File,
    private val clock: Clock = Clock.system(ZoneId.of("Asia/Shanghai")),
    private val place: Fix? = Fix(35.21, 113.24, Datum.WGS84, 8.0, 2.0, "fixed", false),
) : Device {
    private var shots = 0

    override suspend fun takePhoto(): PhotoCapture = capture(sample(++shots), imported = false)

    override suspend fun fix(): Fix? = place

    override suspend fun chooseFile(): PhotoCapture = capture(sample(++shots), imported = true)

    override fun copied(): String? =
        runCatching { Toolkit.getDefaultToolkit().systemClipboard.getData(DataFlavor.stringFlavor) as String }
            .getOrNull()
            ?.takeIf { it.isNotBlank() }

    override fun nowMs(): Long = clock.millis()

    override fun offsetMinutes(): Int = clock.zone.rules.getOffset(clock.instant()).totalSeconds / 60

    private fun capture(
        file: File,
        imported: Boolean,
    ) = PhotoCapture(file.path, nowMs(), offsetMinutes(), System.nanoTime() / 1_000_000, "desk", place, 90.0, imported)

    private suspend fun sample(number: Int): File =
        withContext(Dispatchers.IO) { File(folder.apply { mkdirs() }, "sample-$number.jpg").also { it.writeBytes(withExif(street(number), ZonedDateTime.now(clock), place)) } }
}

/** Draws a made-up street with bags of rubbish, different for every number. */
private fun street(number: Int): ByteArray {
    val image = BufferedImage(1600, 1200, BufferedImage.TYPE_INT_RGB)
    val pen = image.createGraphics()
    pen.color = Color(0x8E, 0xC5, 0xFF - number * 3 % 60)
    pen.fillRect(0, 0, 1600, 500)
    pen.color = Color(0xB5, 0xA4, 0x8B)
    pen.fillRect(0, 500, 1600, 300)
    pen.color = Color(0x60, 0x60, 0x66)
    pen.fillRect(0, 800, 1600, 400)
    for (bag in 0..(2 + number % 4)) {
        pen.color = if (bag % 2 == 0) Color(0x20, 0x20, 0x24) else Color(0x2E, 0x6E, 0x3C)
        pen.fillOval(200 + bag * 230 + number * 17 % 90, 820 + bag * 31 % 90, 240, 210)
    }
    pen.color = Color.WHITE
    pen.font = Font(Font.SANS_SERIF, Font.BOLD, 90)
    pen.drawString("#$number", 60, 1140)
    pen.dispose()
    return ByteArrayOutputStream().also { ImageIO.write(image, "jpg", it) }.toByteArray()
}

/** Opens pictures with Skia and keeps the last few. */
class DesktopPictures : Pictures {
    private val opened =
        object : LinkedHashMap<String, ImageBitmap?>(16, 0.75f, true) {
            override fun removeEldestEntry(eldest: MutableMap.MutableEntry<String, ImageBitmap?>) = size > 64
        }

    override fun open(path: String): ImageBitmap? =
        opened.getOrPut(path) {
            runCatching { Image.makeFromEncoded(File(path).readBytes()).toComposeImageBitmap() }.getOrNull()
        }
}
