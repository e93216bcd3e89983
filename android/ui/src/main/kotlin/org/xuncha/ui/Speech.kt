package org.xuncha.ui

import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics

/** What a screen reader says for something that has no text. */
fun Modifier.named(name: String): Modifier = semantics { contentDescription = name }

/** Read again, politely, when it changes. */
fun Modifier.live(): Modifier = semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }

/** A drawing that says nothing a word beside it does not. */
fun Modifier.unspoken(): Modifier = clearAndSetSemantics { }
