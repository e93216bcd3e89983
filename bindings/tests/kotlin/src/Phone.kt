package org.xuncha.core.tests

import java.io.File
import org.xuncha.core.Answer
import org.xuncha.core.AppConfig
import org.xuncha.core.Finalized
import org.xuncha.core.Item
import org.xuncha.core.KeyKeeper
import org.xuncha.core.Screen
import org.xuncha.core.StartFill
import org.xuncha.core.SyncKind
import org.xuncha.core.app.App
import org.xuncha.core.app.FillSession
import kotlin.test.assertEquals

/** A phone in a folder of its own, with the real library. */
class Phone private constructor(
    val folder: File,
    val app: App,
) {
    /** Puts the phone down and takes it up again. */
    suspend fun reopened(): Phone {
        app.shut()
        return at(folder)
    }

    suspend fun startPatrol(): FillSession = app.startFill("test_patrol", StartFill(null, null, null))

    /** A patrol with two problems, the first with a photo. */
    suspend fun patrol(photo: Int): Finalized {
        val form = startPatrol()
        fill(form, photo)
        return form.finish()
    }

    suspend fun fill(
        form: FillSession,
        photo: Int,
    ): Screen {
        form.answer("/data/where", Answer.Text("人民路56号"))
        form.answer("/data/find[1]/words", Answer.Text("装修垃圾一堆"))
        form.answer("/data/find[1]/count", Answer.Integer(2))
        form.attachPhoto("/data/find[1]/photo", Office.shot(photo))
        val cards = form.goTo("/data/find").repeats().single()
        form.addRepeat(cards.at)
        form.answer("/data/find[2]/words", Answer.Text("井盖缺失"))
        return form.answer("/data/find[2]/count", Answer.Integer(1))
    }

    suspend fun sync() = assertEquals(SyncKind.DONE, app.syncNow().kind)

    /** Ops and photos: made here, held by the hub. */
    suspend fun counts(): List<ULong> = app.syncStatus().run { listOf(made, held, photosMade, photosHeld) }

    companion object {
        private var number = 0

        /** A new phone, not enrolled. */
        suspend fun fresh(keys: KeyKeeper? = null): Phone = at(File(Office.folder, "phone-${++number}"), keys)

        /** A new phone, enrolled for this person and synced once. */
        suspend fun of(
            person: String,
            keys: KeyKeeper? = null,
        ): Phone =
            fresh(keys).also {
                it.app.enrol(Office.code(person))
                it.sync()
            }

        suspend fun at(
            folder: File,
            keys: KeyKeeper? = null,
        ): Phone {
            val place = { name: String -> File(folder, name).path }
            val config = AppConfig(place("files"), place("cache"), "0.1.0", "JVM", "zh", "", 2_000u)
            val app = if (keys == null) App.openWithFileKeys(config, place("keys")) else App.open(config, keys)
            return Phone(folder, app)
        }
    }
}

fun Screen.repeats() = items.filterIsInstance<Item.Repeat>().map { it.repeat }

fun Screen.questions() = items.filterIsInstance<Item.Question>().map { it.question }
