import Observation
import XunchaCore

/// Holds the first screen and reads it again when something of it changed.
@MainActor
@Observable
public final class TodayModel {
    /// Nil until it was read once.
    public private(set) var today: Today?
    public private(set) var forms: [FormRow] = []
    /// A draft put away a moment ago, for “撤销”.
    public private(set) var discarded: String?
    /// What failed, as a sentence.
    public private(set) var problem: String?

    @ObservationIgnored private let app: any AppProtocol
    @ObservationIgnored private let language: String

    public init(app: any AppProtocol, language: String) {
        self.app = app
        self.language = language
    }

    /// Reads now and after each change; ends with the task that runs it.
    public func follow(_ changes: Changes) async {
        for await _ in changes.of(.drafts, .records, .cases, .sites, .sync, .photos) { await read() }
    }

    func read() async {
        await tryTelling {
            let read = try await self.app.today()
            self.forms = try await self.app.forms()
            self.today = read
        }
    }

    /// The form that “拍照上报” opens; nil while the phone has none.
    public var quickForm: String? { forms.first { $0.quick }?.form }

    /// Begins a form.
    public func start(_ form: String) async -> FillSession? {
        await tryTelling { try await self.app.startFill(form: form, start: StartFill(site: nil, campaign: nil, case: nil)) }
    }

    /// Begins the visit's form at its site.
    public func start(_ visit: VisitRow) async -> FillSession? {
        await tryTelling {
            let start = StartFill(site: visit.site, campaign: visit.campaign, case: nil)
            return try await self.app.startFill(form: visit.form, start: start)
        }
    }

    /// Goes on with a draft.
    public func resume(_ draft: String) async -> FillSession? {
        await tryTelling { try await self.app.resumeFill(draft: draft) }
    }

    /// Puts a draft away, without asking: it can be undone.
    public func discard(_ draft: String) async {
        await tryTelling {
            try await self.app.discardDraft(draft: draft)
            self.discarded = draft
        }
    }

    /// Brings the draft back.
    public func undoDiscard() async {
        guard let draft = discarded else { return }
        await tryTelling {
            try await self.app.undoDiscard(draft: draft)
            self.discarded = nil
        }
    }

    @discardableResult
    private func tryTelling<T: Sendable>(_ call: @MainActor () async throws -> T) async -> T? {
        do {
            let done = try await call()
            problem = nil
            return done
        } catch {
            problem = error.sentence(language)
            return nil
        }
    }
}
