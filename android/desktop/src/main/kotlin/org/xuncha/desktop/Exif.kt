package org.xuncha.desktop

import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import kotlin.math.abs
import kotlin.math.roundToLong
import org.xuncha.core.Fix

private const val ASCII = 2
private const val LONG = 4
private const val RATIONAL = 5
private const val HEADER = 8

private class Field(
    val tag: Int,
    val type: Int,
    val count: Int,
    val bytes: ByteArray,
)

private fun ascii(
    tag: Int,
    text: String,
) = (text + "\u0000").encodeToByteArray().let { Field(tag, ASCII, it.size, it) }

private fun pointer(
    tag: Int,
    to: Int,
) = Field(tag, LONG, 1, ByteBuffer.allocate(4).putInt(to).array())

/** Degrees, minutes and hundredths of a second, as three fractions. */
private fun degrees(
    tag: Int,
    value: Double,
): Field {
    val hundredths = (abs(value) * 360_000).roundToLong()
    val parts = listOf(hundredths / 360_000 to 1L, hundredths / 6_000 % 60 to 1L, hundredths % 6_000 to 100L)
    val bytes = ByteBuffer.allocate(24)
    for ((over, under) in parts) bytes.putInt(over.toInt()).putInt(under.toInt())
    return Field(tag, RATIONAL, 3, bytes.array())
}

/** How many bytes a directory takes: its entries, then what does not fit in them. */
private fun size(fields: List<Field>) = 2 + fields.size * 12 + 4 + fields.filter { it.bytes.size > 4 }.sumOf { it.bytes.size + it.bytes.size % 2 }

private fun directory(
    fields: List<Field>,
    at: Int,
): ByteArray {
    val out = ByteBuffer.allocate(size(fields))
    var free = 2 + fields.size * 12 + 4
    out.putShort(fields.size.toShort())
    for (field in fields.sortedBy { it.tag }) {
        out.putShort(field.tag.toShort()).putShort(field.type.toShort()).putInt(field.count)
        if (field.bytes.size <= 4) {
            out.put(field.bytes.copyOf(4))
        } else {
            out.putInt(at + free)
            for ((i, byte) in field.bytes.withIndex()) out.put(free + i, byte)
            free += field.bytes.size + field.bytes.size % 2
        }
    }
    return out.array()
}

/** The JPEG with what a camera writes beside the picture: maker, moment with offset, place. */
internal fun withExif(
    jpeg: ByteArray,
    at: ZonedDateTime,
    fix: Fix?,
): ByteArray {
    val shot =
        listOf(
            ascii(0x9003, DateTimeFormatter.ofPattern("yyyy:MM:dd HH:mm:ss").format(at)),
            ascii(0x9011, DateTimeFormatter.ofPattern("xxx").format(at)),
        )
    val place =
        fix?.let {
            listOf(
                ascii(1, if (it.lat < 0) "S" else "N"),
                degrees(2, it.lat),
                ascii(3, if (it.lon < 0) "W" else "E"),
                degrees(4, it.lon),
            )
        }
    val maker = listOf(ascii(0x010F, "Xuncha"), ascii(0x0110, "stand-in"))

    fun first(
        shotAt: Int,
        placeAt: Int,
    ) = maker + pointer(0x8769, shotAt) + listOfNotNull(place?.let { pointer(0x8825, placeAt) })
    val shotAt = HEADER + size(first(0, 0))
    val placeAt = shotAt + size(shot)
    val tiff = ByteArrayOutputStream()
    tiff.write("MM\u0000*".encodeToByteArray() + byteArrayOf(0, 0, 0, HEADER.toByte()))
    tiff.write(directory(first(shotAt, placeAt), HEADER))
    tiff.write(directory(shot, shotAt))
    place?.let { tiff.write(directory(it, placeAt)) }
    val body = "Exif\u0000\u0000".encodeToByteArray() + tiff.toByteArray()
    val segment = ByteBuffer.allocate(4).putShort(0xFFE1.toShort()).putShort((body.size + 2).toShort()).array() + body
    return jpeg.copyOfRange(0, 2) + segment + jpeg.copyOfRange(2, jpeg.size)
}
