package org.xuncha.core.tests

import com.sun.jna.Native
import java.io.File
import kotlinx.coroutines.runBlocking
import org.xuncha.core.Answer
import org.xuncha.core.AppException
import org.xuncha.core.StartFill
import org.xuncha.core.app.errorSentence

/** What a call costs from a JVM; twin of bindings/benches/calls.rs. `cargo xtask bench ffi` runs both. */
object CallTimes {
    private const val ROUNDS = 41

    /** The barest call that JNA makes. */
    private object C {
        init {
            Native.register(C::class.java, "c")
        }

        external fun getppid(): Int
    }

    /** Median of the rounds, in ns a call, after two seconds for the compiler of the JVM. */
    private inline fun time(
        name: String,
        calls: Int,
        call: () -> Unit,
    ) {
        val warm = System.nanoTime()
        while (System.nanoTime() - warm < 2_000_000_000) call()
        val rounds =
            LongArray(ROUNDS) {
                val start = System.nanoTime()
                for (nth in 1..calls) call()
                (System.nanoTime() - start) / calls
            }
        rounds.sort()
        println("time $name ${rounds[ROUNDS / 2]}")
    }

    @JvmStatic
    fun main(arguments: Array<String>) =
        runBlocking {
            val (folder, code) = arguments
            val app = Phone.at(File(folder)).app
            app.enrol(code)
            app.syncNow()
            val form = app.startFill("bench_fifty", StartFill(null, null, null))
            check(form.screen().items.size == 50)

            time("c-call", 100_000) { C.getppid() }
            time("sync-empty", 10_000) { app.stopObserving() }
            val full = AppException.StorageFull()
            time("sync-sentence", 10_000) { errorSentence(full, "zh") }
            time("async-query", 500) { app.identity() }
            time("screen-50", 50) { form.screen() }
            var nth = 0
            time("answer-50", 20) { form.answer("/data/q02", Answer.Text("门前第${++nth}处")) }
            app.shut()
        }
}
