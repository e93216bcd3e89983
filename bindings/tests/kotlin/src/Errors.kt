package org.xuncha.core.tests

import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.xuncha.core.AppException
import org.xuncha.core.app.errorSentence

/** Errors cross to Kotlin and back whole, and each has words in both languages. */
class Errors {
    private val all =
        listOf(
            AppException.NotFound("draft", "d1"),
            AppException.Invalid("/data/height", "高度应在0.5到3米之间。", "0.5 to 3 m."),
            AppException.Unsupported("odk:recordaudio", ""),
            AppException.Offline("没有网络。", "No network."),
            AppException.Unauthorized(true),
            AppException.Unauthorized(false),
            AppException.Outdated("2.0"),
            AppException.StorageFull(),
            AppException.Damaged("/kept"),
            AppException.Closed(),
            AppException.Internal("F-7", "chain"),
        )

    @Test
    fun everyErrorHasASentenceInBothLanguages() {
        for (error in all) {
            val (zh, en) = errorSentence(error, "zh") to errorSentence(error, "en")
            assertTrue(zh.any { it in '一'..'龥' }, "$error: $zh")
            assertTrue(en.isNotBlank() && en.none { it in '一'..'龥' }, "$error: $en")
        }
    }

    @Test
    fun whatAnErrorCarriesArrives() {
        assertEquals("高度应在0.5到3米之间。", errorSentence(all[1], "zh"))
        assertContains(errorSentence(all.last(), "zh"), "F-7")
    }
}
