package org.xuncha.core.tests

import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlinx.coroutines.runBlocking
import org.xuncha.core.AppException
import org.xuncha.core.DeviceKey
import org.xuncha.core.KeyException
import org.xuncha.core.KeyKeeper
import org.xuncha.core.KeyLevel
import org.xuncha.core.SyncKind

/** A platform's key store as Android's is: real keys, and moods. */
private class Chest : KeyKeeper {
    private val keys = HashMap<String, KeyPair>()

    /** What the next calls throw; the last one is thrown from then on if [stays]. */
    val moods = ArrayDeque<Exception>()
    var stays = false

    override fun deviceKey(alias: String): DeviceKey {
        grumble()
        val point = (pair(alias).public as ECPublicKey).w
        val half = { n: java.math.BigInteger -> n.toByteArray().let { ByteArray(32) + it }.takeLast(32).toByteArray() }
        return DeviceKey(byteArrayOf(4) + half(point.affineX) + half(point.affineY), KeyLevel.TEE)
    }

    override fun sign(
        alias: String,
        message: ByteArray,
    ): ByteArray {
        grumble()
        return Signature.getInstance("SHA256withECDSA").run {
            initSign(pair(alias).private)
            update(message)
            sign()
        }
    }

    @Synchronized
    private fun pair(alias: String) =
        keys.getOrPut(alias) { KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair() }

    @Synchronized
    private fun grumble() {
        val mood = (if (stays) moods.firstOrNull() else moods.removeFirstOrNull()) ?: return
        throw mood
    }

    @Synchronized
    fun always(mood: Exception?) {
        moods.clear()
        moods.addAll(listOfNotNull(mood))
        stays = mood != null
    }
}

/** The device key is kept by Kotlin; whatever its keeper throws is a typed error, and nothing is lost. */
class Keys {
    @Test
    fun aKeyStoreThatIsNotOpenYetSpendsNoCode() =
        runBlocking {
            val chest = Chest()
            val phone = Phone.fresh(chest)
            val code = Office.code("p-wang")
            chest.always(KeyException.NotYet())
            assertFailsWith<AppException.Offline> { phone.app.enrol(code) }
            assertNull(phone.app.identity())
            chest.always(null)
            assertEquals("王新", phone.app.enrol(code).name)
            phone.sync()
        }

    @Test
    fun theWorkWaitsForAKeyThatComesBack() =
        runBlocking {
            val chest = Chest()
            val phone = Phone.of("p-wang", chest)
            val done = phone.patrol(photo = 2)
            chest.always(KeyException.NotYet())
            assertEquals(SyncKind.OFFLINE, phone.app.syncNow().kind, "before the first unlock is as without network")
            chest.always(KeyException.Gone())
            assertFalse(assertFailsWith<AppException.Unauthorized> { phone.app.syncNow() }.revoked)
            // What a shell did not declare is its own fault, not the end of a sync for good.
            chest.always(IllegalStateException("a bug in the shell"))
            assertFailsWith<AppException.Internal> { phone.app.syncNow() }
            assertEquals(listOf<ULong>(3u, 0u, 1u, 0u), phone.counts(), "all of it is still here")
            chest.always(null)
            phone.sync()
            assertEquals(listOf<ULong>(3u, 3u, 1u, 1u), phone.counts())
            assertEquals(2, Office.order("record ${done.recordId}").list("cases").size)
        }

    @Test
    fun aBusyKeyStoreIsAskedAgain() =
        runBlocking {
            val chest = Chest()
            val phone = Phone.of("p-wang", chest)
            phone.patrol(photo = 3)
            chest.moods.addAll(listOf(KeyException.Busy(), KeyException.Busy()))
            phone.sync()
            assertEquals(emptyList(), chest.moods.toList(), "it was asked three times")
        }
}
