import Foundation
import Hub
import Testing
import XunchaCore

extension Core {
    /// What breaks inside or lets go outside leaves the app as it was.
    @Suite struct Faults {
        let office = Office.shared

        @Test func aPanicInsideIsATypedErrorAndTheAppGoesOn() async throws {
            let phone = try await Phone.of("p-wang")
            let form = try await phone.startPatrol()
            for _ in 1...3 {
                #expect(throws: AppError.self) { try phone.app.crashNow() }
                do {
                    try await phone.app.crashLater()
                    Issue.record("it did not crash")
                } catch AppError.Internal(_, let detail) {
                    #expect(!detail.contains("asked to"), "a panic's words may quote an answer")
                }
            }
            try await phone.fill(form, photo: 5)
            let done = try await form.finish()
            try await phone.sync()
            #expect((try office.order("record \(done.recordId)")["cases"] as? [String])?.count == 2)
        }

        /// Cancelling a Swift task does not reach Rust: the call goes on and ends as it would.
        @Test func aCancelledTaskCostsNothing() async throws {
            let phone = try await Phone.of("p-wang")
            let form = try await phone.startPatrol()
            try await phone.fill(form, photo: 6)
            let finishing = Task { try await form.finish() }
            finishing.cancel()
            let done = try await finishing.value
            let syncing = Task { try await phone.app.syncNow() }
            syncing.cancel()
            #expect(try await syncing.value.kind == .done)
            #expect(try await phone.counts() == [3, 3, 1, 1])
            #expect((try office.order("record \(done.recordId)")["cases"] as? [String])?.count == 2)
        }

        /// What does reach it: a sync that hangs ends when it is asked to.
        @Test func aSyncThatHangsIsCancelledAndLosesNothing() async throws {
            let phone = try await Phone.of("p-wang")
            _ = try await phone.patrol(photo: 1)
            try office.order("weather silent")
            defer { _ = try? office.order("weather fair") }
            let hanging = Task { try await phone.app.syncNow() }
            while try await phone.app.syncStatus().running == nil { await Task.yield() }
            try phone.app.cancelSync()
            #expect(try await hanging.value.kind == .cancelled)
            #expect(try await phone.counts() == [3, 0, 1, 0])
            try office.order("weather fair")
            try await phone.sync()
            #expect(try await phone.counts() == [3, 3, 1, 1])
        }
    }

    /// The device key is kept by Swift; whatever its keeper throws is a typed error, and nothing is lost.
    @Suite struct Keys {
        @Test func aKeyStoreThatIsNotOpenYetSpendsNoCode() async throws {
            let chest = Chest()
            let phone = try await Phone.fresh(keys: chest)
            let code = try Office.shared.code("p-wang")
            chest.always(KeyError.NotYet)
            do {
                _ = try await phone.app.enrol(code: code)
                Issue.record("it enrolled without a key")
            } catch AppError.Offline {}
            #expect(try await phone.app.identity() == nil)
            chest.always(nil)
            #expect(try await phone.app.enrol(code: code).name == "王新")
            try await phone.sync()
        }

        @Test func theWorkWaitsForAKeyThatComesBack() async throws {
            let chest = Chest()
            let phone = try await Phone.of("p-wang", keys: chest)
            _ = try await phone.patrol(photo: 2)
            chest.always(KeyError.NotYet)
            #expect(try await phone.app.syncNow().kind == .offline, "before the first unlock is as without network")
            chest.always(KeyError.Gone)
            await #expect(throws: AppError.Unauthorized(revoked: false)) { try await phone.app.syncNow() }
            // What a shell did not declare is its own fault, not the end of a sync for good.
            chest.always(CocoaError(.fileNoSuchFile))
            do {
                _ = try await phone.app.syncNow()
                Issue.record("it signed without a key")
            } catch AppError.Internal {}
            #expect(try await phone.counts() == [3, 0, 1, 0], "all of it is still here")
            chest.always(nil)
            try await phone.sync()
            #expect(try await phone.counts() == [3, 3, 1, 1])
        }

        @Test func aBusyKeyStoreIsAskedAgain() async throws {
            let chest = Chest()
            let phone = try await Phone.of("p-wang", keys: chest)
            _ = try await phone.patrol(photo: 3)
            chest.next([KeyError.Busy, KeyError.Busy])
            try await phone.sync()
            #expect(chest.isCalm, "it was asked three times")
        }
    }
}

/// A key store with moods. The keys themselves are the stand-in's, since Linux has no Secure Enclave.
private final class Chest: KeyKeeper, @unchecked Sendable {
    private let folder = Office.shared.folder.appendingPathComponent("chest-\(UUID().uuidString)").path
    private let lock = NSLock()
    private var moods: [any Error] = []
    private var stays = false

    /// What every call throws from now on.
    func always(_ mood: (any Error)?) { lock.withLock { (moods, stays) = (mood.map { [$0] } ?? [], mood != nil) } }
    /// What the next calls throw, one each.
    func next(_ those: [any Error]) { lock.withLock { (moods, stays) = (those, false) } }
    var isCalm: Bool { lock.withLock { moods.isEmpty } }

    func deviceKey(alias: String) throws -> DeviceKey {
        try grumble()
        return try fileKey(folder: folder, alias: alias)
    }

    func sign(alias: String, message: Data) throws -> Data {
        try grumble()
        return try signWithFileKey(folder: folder, alias: alias, message: message)
    }

    private func grumble() throws {
        let mood = lock.withLock { stays ? moods.first : moods.isEmpty ? nil : moods.removeFirst() }
        if let mood { throw mood }
    }
}
