package org.xuncha.desktop

import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import java.io.File
import kotlin.io.path.createTempDirectory
import kotlin.test.assertEquals
import kotlin.time.Duration.Companion.minutes

/** A slow machine may take its time over many pictures. */
private val PATIENCE = 20.minutes

/** A hub with an office, and phones that come to it. All of it is gone afterwards. */
@OptIn(ExperimentalTestApi::class)
class OnStage private constructor(
    val stage: Stage,
    private val test: ComposeUiTest,
    private val folder: File,
) {
    private val faults = mutableListOf<String>()
    private var inHand by mutableStateOf<Handset?>(null)

    init {
        test.setContent { inHand?.let { key(it) { it.Screen() } } }
    }

    /** Takes up this person's phone; the one before is put down. */
    fun phone(
        person: String,
        language: String = "zh",
    ): Handset {
        putDown()
        return Handset(test, File(folder, "phone-$person-$language"), stage, language, faults).also { inHand = it }
    }

    private fun putDown() {
        val before = inHand ?: return
        inHand = null
        test.waitForIdle()
        before.close()
    }

    companion object {
        fun play(scene: OnStage.() -> Unit) {
            val folder = createTempDirectory("xuncha-stage").toFile()
            try {
                Stage(File(folder, "stage")).use { stage ->
                    runDesktopComposeUiTest(width = SURFACE_WIDTH, height = SURFACE_HEIGHT, testTimeout = PATIENCE) {
                        val on = OnStage(stage, this, folder)
                        try {
                            on.scene()
                            assertEquals(emptyList(), on.faults, on.faults.joinToString("\n"))
                        } finally {
                            on.putDown()
                        }
                    }
                }
            } finally {
                folder.deleteRecursively()
            }
        }
    }
}
