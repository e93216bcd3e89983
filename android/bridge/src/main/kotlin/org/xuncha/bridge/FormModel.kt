package org.xuncha.bridge

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.xuncha.core.Answer
import org.xuncha.core.AppException
import org.xuncha.core.Change
import org.xuncha.core.ChoicePage
import org.xuncha.core.Finalized
import org.xuncha.core.Item
import org.xuncha.core.MainKind
import org.xuncha.core.MissingRow
import org.xuncha.core.PhotoCapture
import org.xuncha.core.Question
import org.xuncha.core.QuestionKind
import org.xuncha.core.Screen
import org.xuncha.core.app.FillSessionInterface

/** A choice question's search page. */
data class Search(
    val question: Question,
    val text: String,
    val page: ChoicePage,
)

/** What the form screen shows. */
data class FormState(
    /** The page as the core composed it. */
    val screen: Screen,
    /** The question that the wide button led to; the screen brings it into view. */
    val target: String? = null,
    /** Raised with every new target, so that the same one can be led to again. */
    val targetCount: Int = 0,
    /** The list of what is missing, while it is open. */
    val missing: List<MissingRow>? = null,
    /** Was the present page opened from that list? */
    val fromMissing: Boolean = false,
    /** The search page, while it is open. */
    val search: Search? = null,
    /** Finalized: what is shown instead of the form. */
    val finished: Finalized? = null,
    /** Is a photo being taken in, or the form being finalized? */
    val busy: Boolean = false,
    /** A question whose last answer was of the wrong type, and the sentence. */
    val refusedAt: String? = null,
    val refused: String = "",
    /** What failed, as a sentence; null if nothing. */
    val problem: String? = null,
)

/** What is answered by typing. */
private val TYPED = setOf(QuestionKind.TEXT, QuestionKind.INTEGER, QuestionKind.DECIMAL)

/** At most so many choices are asked for at once; the screen says how many more there are. */
const val CHOICE_LIMIT = 50

/** Holds a form being filled. Each act is one call; what comes back is drawn. No rule of a form is known here. */
class FormModel(
    private val session: FillSessionInterface,
    private val device: Device,
    private val language: String,
    changes: Changes,
    scope: CoroutineScope,
) {
    private val held = MutableStateFlow(FormState(session.screen()))
    val state: StateFlow<FormState> = held.asStateFlow()
    private val busy =
        OneAtATime(scope, language, { now -> held.update { it.copy(busy = now, problem = if (now) null else it.problem) } }, ::tell)

    /** Small pictures are made after the photo is taken in. */
    private val listening: Job = scope.launch { changes.of(Change.PHOTOS).collect { redraw() } }

    /** The page on which the phone could not say where it is; there it is not asked again. */
    private var withoutFix: UInt? = null

    /** What the form asks of the phone without a question is answered while the person fills on. */
    private val locating: Job =
        scope.launch { held.map { it.screen.wantsPosition to it.screen.pageIndex }.distinctUntilChanged().collect { locate() } }

    /** The draft's name, for coming back to it. */
    val draft: String = session.draftId()

    /** Answers [question]. */
    fun answer(
        question: Question,
        answer: Answer,
    ) = answered(question.at) { session.answer(question.at, answer) }

    /** Answers with typed text, in the question's own type where it can be read as that. */
    fun typed(
        question: Question,
        text: String,
    ) = answer(question, typedAnswer(question.kind, text))

    /** Turns a choice on or off. */
    fun choose(
        question: Question,
        value: String,
    ) {
        if (question.kind == QuestionKind.SELECT_MANY) {
            val chosen = question.chosen()
            answer(question, Answer.Choices(if (value in chosen) chosen - value else chosen + value))
        } else {
            answer(question, Answer.Choice(value))
            leadToTyping(question)
        }
    }

    /** Where a typed question is next after the one just chosen, it has the keyboard without a tap. */
    private fun leadToTyping(chosen: Question) {
        val main = held.value.screen.main
        if (main.kind != MainKind.NEXT_QUESTION) return
        val after = questions().dropWhile { it.at != chosen.at }
        if (after.any { it.at == main.target && it.kind in TYPED }) lead(main.target)
    }

    /** Takes the answer away. */
    fun clear(question: Question) = answered(question.at) { session.clear(question.at) }

    /** Does what the wide button says. */
    fun main() {
        val main = held.value.screen.main
        when (main.kind) {
            MainKind.NEXT_QUESTION -> lead(main.target)
            MainKind.NEXT_PAGE, MainKind.FINISH_REPEAT -> page { session.next() }
            MainKind.GO_MISSING -> openMissing()
            MainKind.FINISH -> finish()
        }
    }

    /** The question that was led to has the keyboard: scrolling past it later does not take it back. */
    fun arrived() = held.update { it.copy(target = null) }

    /** 上一页. Checks nothing. */
    fun back() = page { session.back() }

    /** 撤销上一步. */
    fun undo() = page { session.undo() }

    /** What has no place any more was read. */
    fun misfitsSeen() = page { session.misfitsSeen() }

    fun setLanguage(language: String) = page { session.setLanguage(language) }

    fun addRepeat(at: String) = page { session.addRepeat(at) }

    fun openRepeat(at: String) = page { session.openRepeat(at) }

    fun removeRepeat(at: String) = page { session.removeRepeat(at) }

    /** Opens the list of what is missing. */
    fun openMissing() {
        val rows = orTell(language, ::tell) { session.missing() } ?: return
        held.update { it.copy(missing = rows) }
    }

    /** 回到上次位置. */
    fun closeMissing() = held.update { it.copy(missing = null) }

    /** Leads to what is missing. */
    fun goTo(row: MissingRow) {
        val screen = orTell(language, ::tell) { session.goTo(row.at) } ?: return
        held.update { it.copy(screen = screen, missing = null, fromMissing = true) }
        lead(row.at)
    }

    /** Opens the search page of a question with many choices. */
    fun openSearch(question: Question) = search(question, "")

    /** Searches as it is typed. */
    fun searchFor(text: String) {
        held.value.search?.let { search(it.question, text) }
    }

    fun closeSearch() = held.update { it.copy(search = null) }

    /** Takes a found choice; the page closes if one is enough. */
    fun take(value: String) {
        val search = held.value.search ?: return
        choose(current(search.question), value)
        if (search.question.kind == QuestionKind.SELECT_ONE) closeSearch() else searchFor(search.text)
    }

    /** Opens the camera for a question. */
    fun takePhoto(question: Question) = attach(question) { device.takePhoto() }

    /** 拍照上报: the camera before anything is read or typed, for the first photo that the page asks for. */
    fun cameraFirst() {
        questions().firstOrNull { it.kind == QuestionKind.IMAGE && it.photos.isEmpty() }?.let(::takePhoto)
    }

    /** Lets a file be chosen for a question. */
    fun chooseFile(question: Question) = attach(question) { device.chooseFile() }

    fun removePhoto(
        question: Question,
        photo: String,
    ) = busy { show(session.removePhoto(question.at, photo)) }

    /** Answers with where the phone is. */
    fun usePosition(question: Question) =
        busy {
            val fix = device.fix()
            if (fix == null) {
                held.update { it.copy(refusedAt = question.at, refused = "") }
            } else {
                answer(question, Answer.Point(fix.lat, fix.lon, fix.datum, null, fix.accuracyM))
            }
        }

    /** The present moment, for date questions. */
    fun nowMs(): Long = device.nowMs()

    fun offsetMinutes(): Int = device.offsetMinutes()

    /** Ends filling; the draft stays. */
    suspend fun close() {
        rest()
        orTell(language, ::tell) { session.shut() }
    }

    private fun finish() =
        busy {
            val done = session.finish()
            rest()
            held.update { it.copy(finished = done) }
        }

    private fun rest() {
        listening.cancel()
        locating.cancel()
    }

    private suspend fun locate() {
        val screen = held.value.screen
        if (!screen.wantsPosition || withoutFix == screen.pageIndex) return
        withoutFix = screen.pageIndex
        val fix = device.fix() ?: return
        withoutFix = null
        orTell(language, ::tell) { session.position(fix) }?.let(::show)
    }

    private fun redraw() {
        val screen = orTell(language, ::tell) { session.screen() } ?: return
        held.update { it.copy(screen = screen) }
    }

    private fun attach(
        question: Question,
        capture: suspend () -> PhotoCapture?,
    ) = busy { capture()?.let { show(session.attachPhoto(question.at, it)) } }

    private fun search(
        question: Question,
        text: String,
    ) {
        val page = orTell(language, ::tell) { session.choices(question.at, text, CHOICE_LIMIT.toUInt()) } ?: return
        held.update { it.copy(search = Search(question, text, page)) }
    }

    private fun current(question: Question): Question = questions().firstOrNull { it.at == question.at } ?: question

    private fun questions(): List<Question> =
        held.value.screen.items
            .filterIsInstance<Item.Question>()
            .map { it.question }

    private inline fun answered(
        at: String,
        call: () -> Screen,
    ) {
        try {
            show(call())
            held.update { it.copy(refusedAt = null, refused = "") }
        } catch (error: AppException.Invalid) {
            held.update { it.copy(refusedAt = at, refused = error.sentence(language)) }
        } catch (error: AppException) {
            tell(error.sentence(language))
        }
    }

    private inline fun page(call: () -> Screen) {
        val screen = orTell(language, ::tell) { call() } ?: return
        held.update { it.copy(screen = screen, target = null, fromMissing = false, refusedAt = null, refused = "", problem = null) }
    }

    private fun lead(target: String) = held.update { it.copy(target = target, targetCount = it.targetCount + 1) }

    private fun show(screen: Screen) = held.update { it.copy(screen = screen, problem = null) }

    private fun tell(sentence: String) = held.update { it.copy(problem = sentence) }
}

/** The chosen values, in the form's order: all that the form stores of a multiple choice. */
fun Question.chosen(): List<String> = value?.raw.orEmpty().split(' ').filter { it.isNotEmpty() }

/** What was typed, in the type of the question; as text where it can't be read so: the core then says what is wrong. */
internal fun typedAnswer(
    kind: QuestionKind,
    text: String,
): Answer {
    val typed = text.trim()
    return when {
        typed.isEmpty() -> Answer.Empty
        kind == QuestionKind.INTEGER || kind == QuestionKind.RANGE && !typed.contains('.') ->
            typed.toLongOrNull()?.let { Answer.Integer(it) } ?: Answer.Text(text)
        kind == QuestionKind.DECIMAL || kind == QuestionKind.RANGE ->
            typed.toDoubleOrNull()?.let { Answer.Decimal(it) } ?: Answer.Text(text)
        else -> Answer.Text(text)
    }
}
