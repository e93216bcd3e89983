import Observation
import XunchaCore

/// Holds how much of the work is where, and brings it to the hub when asked.
@MainActor
@Observable
public final class SyncModel {
    /// Nil until it was read once.
    public private(set) var status: SyncStatus?
    /// How the last sync of this screen ended.
    public private(set) var outcome: SyncOutcome?
    /// Is a sync asked for and not ended?
    public private(set) var running = false
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
        for await _ in changes.of(.sync, .records, .cases, .photos) { await read() }
    }

    func read() async {
        do { status = try await app.syncStatus() } catch { problem = error.sentence(language) }
    }

    /// 立即上传. A second press while one runs does nothing.
    public func syncNow() async {
        guard !running else { return }
        running = true
        problem = nil
        do { outcome = try await app.syncNow() } catch { problem = error.sentence(language) }
        running = false
        await read()
    }

    /// Asks a running sync to stop soon: cancelling the Swift task does not reach it.
    public func cancel() {
        do { try app.cancelSync() } catch { problem = error.sentence(language) }
    }

    /// 按现状重新提交.
    public func reapply(_ op: String) async {
        do { _ = try await app.reapply(op: op) } catch { problem = error.sentence(language) }
        await read()
    }

    /// 留作记录.
    public func leave(_ op: String) async {
        do { try await app.leaveRefused(op: op) } catch { problem = error.sentence(language) }
        await read()
    }
}
