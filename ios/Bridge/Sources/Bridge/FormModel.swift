import Observation
import XunchaCore

/// At most so many choices are asked for at once; the screen says how many more there are.
public let choiceLimit: UInt32 = 50

/// Holds a form being filled. Each act is one call; what comes back is drawn. No rule of a form is known here.
@MainActor
@Observable
public final class FormModel {
    /// A choice question's search page.
    public struct Search {
        public let question: Question
        public let text: String
        public let page: ChoicePage
    }

    /// The page as the core composed it.
    public private(set) var screen: Screen { didSet { locate() } }
    /// The question that the wide button led to, raised with every new one.
    public private(set) var target: String?
    public private(set) var targetCount = 0
    /// The list of what is missing, while it is open.
    public private(set) var missing: [MissingRow]?
    /// Was the present page opened from that list?
    public private(set) var fromMissing = false
    public private(set) var search: Search?
    /// Finalized: what is shown instead of the form.
    public private(set) var finished: Finalized?
    /// Is a photo being taken in, or the form being finalized?
    public private(set) var busy = false
    /// A question whose last answer was of the wrong type, and the sentence.
    public private(set) var refused: (at: String, sentence: String)?
    /// What failed, as a sentence.
    public private(set) var problem: String?

    @ObservationIgnored private let session: any FillSessionProtocol
    @ObservationIgnored private let device: any Device
    @ObservationIgnored private let language: String
    /// The page on which the phone could not say where it is; there it is not asked again.
    @ObservationIgnored private var withoutFix: UInt32?

    public init(session: any FillSessionProtocol, device: any Device, language: String) throws {
        self.session = session
        self.device = device
        self.language = language
        screen = try session.screen()
        locate()
    }

    public func answer(_ question: Question, _ answer: Answer) {
        do {
            screen = try session.answer(question: question.at, answer: answer)
            refused = nil
        } catch AppError.Invalid(let at, let zh, let en) {
            _ = at
            refused = (question.at, language.hasPrefix("en") ? en : zh)
        } catch {
            problem = error.sentence(language)
        }
    }

    /// Answers with typed text, in the question's own type where it can be read as that.
    public func typed(_ question: Question, _ text: String) {
        answer(question, typedAnswer(question.kind, text))
    }

    /// Turns a choice on or off.
    public func choose(_ question: Question, _ value: String) {
        guard question.kind == .selectMany else { return answer(question, .choice(value: value)) }
        var chosen = (question.value?.raw ?? "").split(separator: " ").map(String.init)
        if let at = chosen.firstIndex(of: value) { chosen.remove(at: at) } else { chosen.append(value) }
        answer(question, .choices(values: chosen))
    }

    /// Does what the wide button says.
    public func main() async {
        switch screen.main.kind {
        case .nextQuestion: lead(screen.main.target)
        case .nextPage, .finishRepeat: page { try session.next() }
        case .goMissing: openMissing()
        case .finish: await work { self.finished = try await self.session.finish() }
        }
    }

    /// 上一页. Checks nothing.
    public func back() { page { try session.back() } }
    /// 撤销上一步.
    public func undo() { page { try session.undo() } }
    /// What has no place any more was read.
    public func misfitsSeen() { page { try session.misfitsSeen() } }
    public func setLanguage(_ language: String) { page { try session.setLanguage(language: language) } }
    public func addRepeat(_ at: String) { page { try session.addRepeat(at: at) } }
    public func openRepeat(_ at: String) { page { try session.openRepeat(at: at) } }
    public func removeRepeat(_ at: String) { page { try session.removeRepeat(at: at) } }

    /// Opens the list of what is missing.
    public func openMissing() {
        do { missing = try session.missing() } catch { problem = error.sentence(language) }
    }

    /// 回到上次位置.
    public func closeMissing() { missing = nil }

    /// Leads to what is missing.
    public func goTo(_ row: MissingRow) {
        page { try session.goTo(at: row.at) }
        missing = nil
        fromMissing = true
        lead(row.at)
    }

    /// Searches a question's choices as it is typed; opens the search page.
    public func search(_ question: Question, _ text: String) {
        do {
            let page = try session.choices(question: question.at, search: text, limit: choiceLimit)
            search = Search(question: question, text: text, page: page)
        } catch { problem = error.sentence(language) }
    }

    public func closeSearch() { search = nil }

    /// Opens the camera for a question.
    public func takePhoto(_ question: Question) async { await attach(question) { await self.device.takePhoto() } }

    /// Lets a file be chosen for a question.
    public func chooseFile(_ question: Question) async { await attach(question) { await self.device.chooseFile() } }

    public func removePhoto(_ question: Question, _ photo: String) async {
        await work { self.screen = try await self.session.removePhoto(question: question.at, photo: photo) }
    }

    /// Answers with where the phone is.
    public func usePosition(_ question: Question) async {
        guard let fix = await device.fix() else { return refused = (question.at, "") }
        answer(question, .point(lat: fix.lat, lon: fix.lon, datum: fix.datum, altitude: nil, accuracyM: fix.accuracyM))
    }

    /// What the form asks of the phone without a question is answered while the person fills on.
    private func locate() {
        guard screen.wantsPosition, withoutFix != screen.pageIndex else { return }
        withoutFix = screen.pageIndex
        Task {
            guard let fix = await device.fix(), finished == nil else { return }
            withoutFix = nil
            do { screen = try session.position(fix: fix) } catch { problem = error.sentence(language) }
        }
    }

    /// Ends filling; the draft stays.
    public func close() async { await work { try await self.session.shut() } }

    private func attach(_ question: Question, _ capture: @MainActor () async -> PhotoCapture?) async {
        guard let photo = await capture() else { return }
        await work { self.screen = try await self.session.attachPhoto(question: question.at, photo: photo) }
    }

    private func work(_ call: @MainActor () async throws -> Void) async {
        guard !busy else { return }
        busy = true
        problem = nil
        do { try await call() } catch { problem = error.sentence(language) }
        busy = false
    }

    private func page(_ call: () throws -> Screen) {
        do {
            screen = try call()
            (target, refused, problem, fromMissing) = (nil, nil, nil, false)
        } catch { problem = error.sentence(language) }
    }

    private func lead(_ at: String) {
        target = at
        targetCount += 1
    }
}

/// What was typed, in the type of the question; as text where it can't be read so: the core then says what is wrong.
func typedAnswer(_ kind: QuestionKind, _ text: String) -> Answer {
    let typed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if typed.isEmpty { return .empty }
    switch kind {
    case .integer: return Int64(typed).map { .integer(value: $0) } ?? .text(text: text)
    case .decimal, .range: return Double(typed).map { .decimal(value: $0) } ?? .text(text: text)
    default: return .text(text: text)
    }
}
