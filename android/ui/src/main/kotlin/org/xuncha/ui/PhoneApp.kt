package org.xuncha.ui

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import org.xuncha.bridge.Changes
import org.xuncha.bridge.Device
import org.xuncha.bridge.EnrolModel
import org.xuncha.core.AppException
import org.xuncha.core.app.App

/** The phone's screens over an open [App]: the first start until it is enrolled, then the four items of the bar. */
@Composable
fun PhoneApp(
    app: App,
    changes: Changes,
    device: Device,
    shell: Shell,
) {
    val scope = rememberCoroutineScope()
    var enrolled by remember(app) { mutableStateOf<Boolean?>(null) }
    LaunchedEffect(app) {
        enrolled =
            try {
                app.identity() != null
            } catch (_: AppException.Closed) {
                // Another one is being opened in its place.
                null
            }
    }
    when (enrolled) {
        null -> Unit
        false -> {
            val enrol = remember(app) { EnrolModel(app, shell.language, scope) }
            val state by enrol.state.collectAsState()
            EnrolScreen(state, enrol, device) {
                enrolled = true
                shell.place = Place.Tab.TODAY.word
            }
        }
        true -> {
            val walk = remember(app) { Walk(app, changes, device, shell, scope) }
            LaunchedEffect(walk) { walk.comeBack() }
            At(walk)
        }
    }
}

@Composable
private fun At(walk: Walk) {
    when (val here = walk.place) {
        null -> Unit
        is Place.Tab -> TabPlace(here, walk)
        is Place.Sync -> SyncPlace(here, walk)
        is Place.Case -> CasePlace(here, walk)
        is Place.Form -> FormPlace(here, walk)
    }
}

@Composable
private fun SyncPlace(
    place: Place.Sync,
    walk: Walk,
) {
    val state by walk.sync.state.collectAsState()
    SyncScreen(
        state,
        object : SyncActs {
            override fun back() = walk.go(place.from)

            override fun syncNow() = walk.sync.syncNow()

            override fun stop() = walk.sync.cancel()

            override fun reapply(op: String) = walk.sync.reapply(op)

            override fun leave(op: String) = walk.sync.leave(op)
        },
    )
}

@Composable
private fun CasePlace(
    place: Place.Case,
    walk: Walk,
) {
    val state by place.model.state.collectAsState()
    CaseScreen(state) {
        place.model.close()
        walk.go(place.from)
    }
}

@Composable
private fun FormPlace(
    place: Place.Form,
    walk: Walk,
) {
    val state by place.model.state.collectAsState()
    FormScreen(
        state,
        place.model,
        object : FormExits {
            override fun leave() = walk.leave(place, state.screen.missingLine)

            override fun toToday() = walk.go(Place.Tab.TODAY)

            override fun again() = walk.open(place.from, again = place.again) { place.again() }
        },
    )
}
