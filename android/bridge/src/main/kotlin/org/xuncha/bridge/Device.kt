package org.xuncha.bridge

import org.xuncha.core.Fix
import org.xuncha.core.PhotoCapture

/** What only a device can do. A desktop has stand-ins. */
interface Device {
    /** Opens the camera; null if the person went back without a photo. */
    suspend fun takePhoto(): PhotoCapture?

    /** Where the phone is; null without permission or fix. */
    suspend fun fix(): Fix?

    /** Lets the person choose a file; null if none was chosen. */
    suspend fun chooseFile(): PhotoCapture?

    /** The text that the person copied elsewhere; null if there is none. */
    fun copied(): String?

    /** Wall clock, ms since 1970 UTC. */
    fun nowMs(): Long

    /** Minutes east of UTC. */
    fun offsetMinutes(): Int
}
