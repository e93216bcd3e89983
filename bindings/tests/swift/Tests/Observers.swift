import Foundation
import Hub
import Testing
import XunchaCore

/// Does what it is given with each notice, on the core's own thread, and then lets the test know.
private final class Watcher: Observer, Sendable {
    private let act: @Sendable (Change) throws -> Void
    private let tell: AsyncStream<Change>.Continuation

    /// With what it was told, in order.
    static func doing(_ act: @escaping @Sendable (Change) throws -> Void) -> (Watcher, AsyncStream<Change>) {
        let (told, tell) = AsyncStream.makeStream(of: Change.self)
        return (Watcher(act: act, tell: tell), told)
    }

    private init(act: @escaping @Sendable (Change) throws -> Void, tell: AsyncStream<Change>.Continuation) {
        (self.act, self.tell) = (act, tell)
    }

    func changed(change: Change) throws {
        defer { tell.yield(change) }
        try act(change)
    }
}

/// A gate that a thread of the core waits at.
private final class Gate: Sendable {
    private let open = DispatchSemaphore(value: 0)
    private let (reached, reach) = AsyncStream.makeStream(of: Void.self)

    func wait() {
        reach.yield()
        open.wait()
        open.signal()
    }
    func letGo() { open.signal() }
    func someoneWaits() async { for await _ in reached { return } }
}

private func await_(_ kind: Change, in told: AsyncStream<Change>) async {
    for await change in told where change == kind { return }
}

/// Waits on a thread of the core for something asynchronous: what a careless shell does.
private func blocking(_ work: @escaping @Sendable () async throws -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        try? await work()
        done.signal()
    }
    done.wait()
}

extension Core {
    /// Whatever a shell's observer does, no call and no sync waits for it or breaks, and later changes still arrive.
    @Suite struct Observers {
        private struct OwnFault: Error {}

        private func workAndSync(_ phone: Phone) async throws {
            _ = try await phone.patrol(photo: 4)
            try await syncWhole(phone)
        }

        private func syncWhole(_ phone: Phone) async throws {
            try await phone.sync()
            let counts = try await phone.counts()
            #expect(counts[0] == counts[1])
        }

        @Test func oneThatThrowsIsToldAgain() async throws {
            let phone = try await Phone.of("p-wang")
            let (watcher, told) = Watcher.doing { _ in throw OwnFault() }
            try phone.app.observe(observer: watcher)
            try await workAndSync(phone)
            await await_(.sync, in: told)
            _ = try await phone.startPatrol()
            await await_(.drafts, in: told)
        }

        @Test func oneThatIsSlowHoldsNobodyUp() async throws {
            let phone = try await Phone.of("p-wang")
            let gate = Gate()
            defer { gate.letGo() }
            let (watcher, told) = Watcher.doing { _ in gate.wait() }
            try phone.app.observe(observer: watcher)
            _ = try await phone.startPatrol()
            await gate.someoneWaits()
            // It sits in its first notice while all of this happens.
            try await workAndSync(phone)
            gate.letGo()
            await await_(.records, in: told)
        }

        @Test func aPhoneIsPutDownThoughItsObserverDoesNotReturn() async throws {
            let phone = try await Phone.of("p-wang")
            let gate = Gate()
            defer { gate.letGo() }
            try phone.app.observe(observer: Watcher.doing { _ in gate.wait() }.0)
            _ = try await phone.startPatrol()
            await gate.someoneWaits()
            #expect(try await phone.reopened().app.today().drafts.count == 1)
        }

        @Test func oneThatCallsBackIsAnswered() async throws {
            let phone = try await Phone.of("p-wang")
            let (app, form) = (phone.app, try await phone.startPatrol())
            let (watcher, told) = Watcher.doing { change in
                blocking {
                    _ = try await app.today()
                    if change == .records { _ = try await app.syncNow() }
                }
                // Once: each answer is a change, of which it is told.
                if change == .records {
                    _ = try form.answer(question: "/data/where", answer: .text(text: "由观察者填写"))
                }
            }
            try app.observe(observer: watcher)
            _ = try await phone.patrol(photo: 4)
            try await syncWhole(phone)
            await await_(.records, in: told)
            #expect(try form.screen().questions.first?.value?.raw == "由观察者填写")
            await await_(.drafts, in: told)
        }

        @Test func oneThatPutsThePhoneDownIsNotWaitedFor() async throws {
            let phone = try await Phone.of("p-wang")
            let app = phone.app
            let (watcher, told) = Watcher.doing { change in
                if change == .drafts { blocking { try await app.shut() } }
            }
            try app.observe(observer: watcher)
            // The phone may be down before the call that began the draft comes back.
            do { _ = try await phone.startPatrol() } catch AppError.Closed {}
            await await_(.drafts, in: told)
            await #expect(throws: AppError.Closed) { try await app.today() }
            #expect(try await Phone.at(phone.folder).app.today().drafts.count == 1)
        }
    }
}
