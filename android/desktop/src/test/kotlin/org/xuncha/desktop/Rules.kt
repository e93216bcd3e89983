package org.xuncha.desktop

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.PixelMap
import androidx.compose.ui.graphics.toPixelMap
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.toSize
import java.io.File
import kotlin.math.max
import kotlin.math.min
import kotlin.math.pow

/** No word of ours is longer. */
private const val LONGEST_WORD = 20

/** Half a pixel of rounding. */
private const val SLACK = 0.6f

/** What the checklist for screens asks of every screen, read from what was drawn. One dp is one pixel here. */
@OptIn(ExperimentalTestApi::class)
fun ComposeUiTest.faults(
    tag: String,
    contrast: Double,
): List<String> {
    val root = onNodeWithTag(tag, useUnmergedTree = true)
    val nodes = root.fetchSemanticsNode().all()
    val screen = root.captureToImage()
    val pixels = screen.toPixelMap()
    return nodes.flatMap { smallTarget(it) + disabled(it) + smallText(it) + cutText(it) + brokenWord(it) + paleText(it, pixels, screen, contrast) } +
        crowded(nodes) + spilled(nodes) + forbiddenWords(nodes)
}

/** Every text of the screen, and what a screen reader says instead of one. */
@OptIn(ExperimentalTestApi::class)
fun ComposeUiTest.spoken(tag: String): List<String> =
    onNodeWithTag(tag, useUnmergedTree = true).fetchSemanticsNode().all().flatMap { node ->
        val texts = node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
        val typed = node.config.getOrNull(SemanticsProperties.EditableText)?.text
        val verb = node.config.getOrNull(SemanticsActions.OnClick)?.label
        texts + node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() + listOfNotNull(typed, verb)
    }

private fun SemanticsNode.all(): List<SemanticsNode> = listOf(this) + children.flatMap { it.all() }

private fun SemanticsNode.pressable() = config.contains(SemanticsActions.OnClick) || config.contains(SemanticsActions.SetText)

private fun SemanticsNode.name(): String =
    config.getOrNull(SemanticsProperties.Text)?.joinToString { it.text }
        ?: config.getOrNull(SemanticsProperties.TestTag)
        ?: children.firstNotNullOfOrNull { it.config.getOrNull(SemanticsProperties.Text)?.first()?.text }
        ?: "node $id"

/** Targets cut by a scrolled edge are measured whole by their size. */
private fun smallTarget(node: SemanticsNode): List<String> {
    if (!node.pressable()) return emptyList()
    val low = min(node.size.width, node.size.height)
    return if (low + SLACK < 48) listOf("${node.name()}: a target of ${node.size}") else emptyList()
}

private fun disabled(node: SemanticsNode): List<String> =
    if (node.config.contains(SemanticsProperties.Disabled)) listOf("${node.name()} is disabled") else emptyList()

private fun layoutOf(node: SemanticsNode): TextLayoutResult? {
    val found = mutableListOf<TextLayoutResult>()
    node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(found)
    return found.firstOrNull()
}

private fun SemanticsNode.scrolls(): Boolean =
    generateSequence(parent) { it.parent }.any { it.config.contains(SemanticsProperties.VerticalScrollAxisRange) }

private fun smallText(node: SemanticsNode): List<String> {
    val size = layoutOf(node)?.layoutInput?.style?.fontSize ?: return emptyList()
    return if (size.isSp && size.value < 15f) listOf("${node.name()}: text of $size") else emptyList()
}

/** Lines that do not fit their box, or a box that does not fit the screen. Less than a pixel is rounding. */
private fun cutText(node: SemanticsNode): List<String> {
    val layout = layoutOf(node) ?: return emptyList()
    if (node.scrolls() && node.boundsInRoot.isEmpty) return emptyList()
    val lines = 0 until layout.lineCount
    val cut =
        layout.multiParagraph.didExceedMaxLines ||
            layout.multiParagraph.height > layout.size.height + 1 ||
            lines.any { layout.getLineRight(it) - layout.getLineLeft(it) > layout.size.width + 1 } ||
            node.boundsInRoot.width + 1 < node.size.width ||
            // What a list's edge cuts is brought into view by scrolling.
            node.boundsInRoot.height + 1 < node.size.height && !node.scrolls()
    return if (cut) listOf("${node.name()} is cut") else emptyList()
}

/** A word that goes on in the next line without a hyphen; what is longer than words are is a name or a number of its own. */
private fun brokenWord(node: SemanticsNode): List<String> {
    val layout = layoutOf(node) ?: return emptyList()
    val text = layout.layoutInput.text.text
    return (0 until layout.lineCount - 1).map(layout::getLineEnd).filter { end ->
        val before = text.take(end).takeLastWhile(Char::isLatin)
        val after = text.drop(end).takeWhile(Char::isLatin)
        before.isNotEmpty() && after.isNotEmpty() && before.length + after.length <= LONGEST_WORD
    }.map { "${node.name()} breaks a word" }
}

private fun Char.isLatin() = this in 'a'..'z' || this in 'A'..'Z'

/** The commonest colour of the text's box is its ground; the one that differs most from it is the ink. */
private fun paleText(
    node: SemanticsNode,
    pixels: PixelMap,
    screen: ImageBitmap,
    least: Double,
): List<String> {
    if (layoutOf(node) == null || node.config.contains(SemanticsActions.SetText)) return emptyList()
    // Of a text that a list has scrolled half away, what is left may hold no ink.
    if (node.scrolls() && node.boundsInRoot.height + 1 < node.size.height) return emptyList()
    val box = node.boundsInRoot.within(screen)
    if (box.width < 4 || box.height < 8) return emptyList()
    val seen = HashMap<Int, Int>()
    for (y in box.top.toInt() until box.bottom.toInt()) {
        for (x in box.left.toInt() until box.right.toInt()) {
            seen.merge(pixels[x, y].value.shr(32).toInt(), 1, Int::plus)
        }
    }
    val ground = seen.maxBy { it.value }.key
    val best = seen.keys.maxOf { ratio(ground, it) }
    return if (best + 0.05 < least) listOf("${node.name()}: contrast %.1f".format(best)) else emptyList()
}

private fun Rect.within(screen: ImageBitmap) =
    Rect(max(left, 0f), max(top, 0f), min(right, screen.width.toFloat()), min(bottom, screen.height.toFloat()))

/** WCAG 2: the ratio of the relative luminances of two ARGB colours. */
fun ratio(
    one: Int,
    other: Int,
): Double {
    val (light, dark) = listOf(luminance(one), luminance(other)).sortedDescending()
    return (light + 0.05) / (dark + 0.05)
}

private fun luminance(argb: Int): Double {
    fun part(shift: Int): Double = (argb shr shift and 0xFF) / 255.0
    fun linear(c: Double): Double = if (c <= 0.04045) c / 12.92 else ((c + 0.055) / 1.055).pow(2.4)
    return 0.2126 * linear(part(16)) + 0.7152 * linear(part(8)) + 0.0722 * linear(part(0))
}

/**
 * Buttons inside one row or column keep 8 dp between them; list rows that fill the width touch by design, and what a list
 * scrolls under a bar is at some time at any distance from the bar's buttons.
 */
private fun crowded(nodes: List<SemanticsNode>): List<String> {
    val targets = nodes.filter { it.pressable() && it.boundsInRoot.width < 340 }
    return targets.flatMapIndexed { i, a ->
        targets.drop(i + 1).filter { b -> a.scrolls() == b.scrolls() && near(a.boundsInRoot, b.boundsInRoot) }.map { "${a.name()} and ${it.name()} stand too close" }
    }
}

private fun near(
    a: Rect,
    b: Rect,
): Boolean {
    val across = max(a.left, b.left) - min(a.right, b.right)
    val down = max(a.top, b.top) - min(a.bottom, b.bottom)
    val apart = max(across, down)
    return apart > 0.5f && apart + SLACK < 8
}

/** Nothing of a button is drawn outside it. */
private fun spilled(nodes: List<SemanticsNode>): List<String> =
    nodes.filter { it.pressable() }.flatMap { target ->
        // Whole, also where a list has scrolled it out of sight.
        val box = Rect(target.positionInRoot, target.size.toSize()).inflate(1f)
        target.all().filter { layoutOf(it) != null }.map { it to it.positionInRoot }
            .filter { (text, at) -> at.x < box.left || at.x + text.size.width > box.right || at.y < box.top || at.y + text.size.height > box.bottom }
            .map { (text, _) -> "${text.name()} spills out of its button" }
    }

/** Words that claim more than is known, or say nothing: those of the term table, and a button that nobody needs. */
private val NEVER: List<String> by lazy {
    val table = File(System.getProperty("xuncha.root"), "content/design/terms.json").readText()
    val never = Regex("\"never\": \\[([^]]*)]").find(table)!!.groupValues[1]
    val instead = Regex("\"not\": \"([^\"]*)\"").findAll(table).map { it.groupValues[1] }
    Regex("\"([^\"]*)\"").findAll(never).map { it.groupValues[1] }.toList() + instead + "保存"
}

private fun forbiddenWords(nodes: List<SemanticsNode>): List<String> {
    val texts = nodes.flatMap { it.config.getOrNull(SemanticsProperties.Text).orEmpty() }.map { it.text }
    return texts.flatMap { text -> NEVER.filter { standsIn(text, it) }.map { "“$it” in “$text”" } }
}

/** A number is that number only by itself: 403 is none in the port 40385 of the stage. */
private fun standsIn(
    text: String,
    word: String,
) = if (word.all { it.isDigit() }) Regex("(?<!\\d)$word(?!\\d)").containsMatchIn(text) else word in text
