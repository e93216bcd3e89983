package org.xuncha.ui

import org.xuncha.bridge.CaseModel
import org.xuncha.bridge.FormModel
import org.xuncha.core.app.FillSession

/** Where the person is. Its [word] is what a shell keeps over the end of its process. */
internal sealed interface Place {
    val word: String

    /** An item of the bar. */
    enum class Tab : Place {
        TODAY,
        NEAR,
        LEDGER,
        MINE,
        ;

        override val word get() = name.lowercase()
    }

    data class Sync(
        val from: Tab,
    ) : Place {
        override val word get() = "sync"
    }

    data class Case(
        val model: CaseModel,
        val from: Tab,
    ) : Place {
        override val word get() = CASE + model.id
    }

    data class Form(
        val model: FormModel,
        val from: Tab,
        /** The same form again, after finishing. */
        val again: suspend () -> FillSession?,
    ) : Place {
        override val word get() = FORM + model.draft
    }

    companion object {
        const val CASE = "case:"
        const val FORM = "form:"

        /** The bar's item of this word; 今日 for any other. */
        fun tab(word: String): Tab = Tab.entries.firstOrNull { it.word == word } ?: Tab.TODAY
    }
}
