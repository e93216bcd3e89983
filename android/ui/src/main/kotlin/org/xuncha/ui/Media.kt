package org.xuncha.ui

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.platform.testTag
import org.xuncha.bridge.FormModel
import org.xuncha.core.PhotoView
import org.xuncha.core.Question

/** A picture of the form's own; nothing where there is none. [words] says what it shows, where nothing beside it does. */
@Composable
fun FormPicture(
    path: String,
    words: String?,
    modifier: Modifier = Modifier,
) {
    val pictures = LocalPictures.current
    val picture = remember(path) { path.takeIf { it.isNotEmpty() }?.let(pictures::open) } ?: return
    Image(picture, words, modifier.testTag("form-picture"), Alignment.CenterStart, ContentScale.Fit)
}

@Composable
fun Position(
    question: Question,
    model: FormModel,
) {
    val value = question.value
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        if (value != null) Words1(value.display, Ink.type.body)
        PlainButton(
            if (value == null) Ink.words.usePosition else Ink.words.positionAgain,
            "position:${question.at}",
            { model.usePosition(question) },
            Modifier.fillMaxWidth(),
            icon = "place",
        )
    }
}

/** The photos with their state, and the camera. */
@Composable
fun Photos(
    question: Question,
    model: FormModel,
) {
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        question.photos.forEach { photo ->
            PhotoLine(photo) { PlainButton(Ink.words.removePhoto, "remove-photo", { model.removePhoto(question, photo.id) }) }
        }
        PlainButton(
            if (question.photos.isEmpty()) Ink.words.takePhoto else Ink.words.takeAnother,
            "camera:${question.at}",
            { model.takePhoto(question) },
            Modifier.fillMaxWidth(),
            icon = "camera",
        )
    }
}

/** A photo with when it was taken and its state. */
@Composable
fun PhotoLine(
    photo: PhotoView,
    modifier: Modifier = Modifier,
    act: @Composable () -> Unit = {},
) {
    Row(
        modifier.fillMaxWidth().testTag("photo"),
        horizontalArrangement = Arrangement.spacedBy(Dimens.space12),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val picture = photo.thumbPath.takeIf { it.isNotEmpty() }?.let { LocalPictures.current.open(it) }
        Box(
            Modifier
                .size(Dimens.space48 * 2)
                .background(Ink.palette.raised, RoundedCornerShape(Dimens.cornerInput))
                .border(Ink.line, Ink.palette.hairline, RoundedCornerShape(Dimens.cornerInput)),
            contentAlignment = Alignment.Center,
        ) {
            if (picture == null) {
                Mark("camera", Ink.palette.text2)
            } else {
                Image(
                    picture,
                    Ink.words.oneByOne(Ink.words.photo, photo.taken, photo.stateWord),
                    Modifier.aspectRatio(1f),
                    contentScale = ContentScale.Crop,
                )
            }
        }
        Column(Modifier.weight(1f), verticalArrangement = Arrangement.spacedBy(Dimens.space4)) {
            if (photo.taken.isNotEmpty()) Words1(photo.taken, Ink.type.body)
            if (photo.stateWord.isNotEmpty()) StateMark(photo.stateIcon, photo.stateWord)
            if (photo.damage.isNotEmpty()) Words1(photo.damage, Ink.type.small, Ink.palette.danger)
            act()
        }
    }
}

@Composable
fun Files(
    question: Question,
    model: FormModel,
) {
    Column(verticalArrangement = Arrangement.spacedBy(Dimens.space8)) {
        question.photos.forEach { PhotoLine(it) }
        PlainButton(Ink.words.chooseFile, "file:${question.at}", { model.chooseFile(question) }, Modifier.fillMaxWidth())
    }
}
