package org.xuncha.desktop

import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithTag

/** Rows of lists: each is one element for who hears the screen. */
private val ROWS =
    setOf("case", "visit", "draft", "site", "history", "refused", "photo-row", "held", "found", "recent", "missing-row", "to-sync")

/** What is read again when it changes. */
private val LIVE = setOf("safety", "sentence", "problem", "left", "put-away")

/** The buttons of the action zone: what leads on is heard last, but for the bar. */
private val LAST = setOf("main", "its-me", "to-today", "back-to-place", "search-done", "sync-now", "report")

/** What a screen reader would make of this screen, where that is not what screens.md 4.0 asks for. */
@OptIn(ExperimentalTestApi::class)
fun ComposeUiTest.unheard(tag: String): List<String> {
    val heard = onNodeWithTag(tag).fetchSemanticsNode().elements()
    return heard.flatMap { nameless(it) + scattered(it) + silent(it) } + withoutHeading(heard) + order(heard)
}

internal fun SemanticsNode.elements(): List<SemanticsNode> = listOf(this) + children.flatMap { it.elements() }

private fun SemanticsNode.tag() = config.getOrNull(SemanticsProperties.TestTag).orEmpty()

private fun SemanticsNode.says(): String =
    (
        config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() +
            config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
    ).joinToString()

private fun SemanticsNode.pressed() = config.contains(SemanticsActions.OnClick)

private fun nameless(node: SemanticsNode): List<String> =
    if (node.pressed() && node.says().isBlank()) listOf("${node.tag().ifEmpty { "node ${node.id}" }} is pressed and has no name") else emptyList()

/** What stands in a row and is not pressed by itself is part of what the row says. */
private fun scattered(node: SemanticsNode): List<String> =
    if (node.tag() in ROWS) {
        val loose = node.children.filter { !it.pressed() && it.says().isNotBlank() }.map { "${node.tag()} leaves “${it.says()}” to itself" }
        if (node.says().isBlank()) loose + "${node.tag()} says nothing" else loose
    } else {
        emptyList()
    }

private fun silent(node: SemanticsNode): List<String> =
    if (node.tag() in LIVE && node.config.getOrNull(SemanticsProperties.LiveRegion) != LiveRegionMode.Polite) {
        listOf("${node.tag()} changes unheard")
    } else {
        emptyList()
    }

private fun withoutHeading(heard: List<SemanticsNode>): List<String> =
    if (heard.any { it.config.contains(SemanticsProperties.Heading) }) emptyList() else listOf("the screen has no heading")

private fun order(heard: List<SemanticsNode>): List<String> {
    val last = heard.indexOfLast { it.tag() in LAST }
    val after = heard.drop(last + 1).filter { it.pressed() && !it.tag().startsWith("bar-") }
    return if (last < 0) emptyList() else after.map { "${it.tag()} is heard after the action zone" }
}
