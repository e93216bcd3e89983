// What a call costs from Swift; twin of bindings/benches/calls.rs. `cargo xtask bench ffi` runs both.
import Foundation
import Hub
import XunchaCore

let rounds = 41

/// Median of the rounds, in ns a call, after half a second of warming up.
@MainActor func time(_ name: String, _ calls: Int, _ call: () async throws -> Void) async rethrows {
    let clock = ContinuousClock()
    let warm = clock.now
    while clock.now - warm < .milliseconds(500) { try await call() }
    var took: [Int64] = []
    for _ in 0..<rounds {
        let start = clock.now
        for _ in 0..<calls { try await call() }
        let (seconds, attoseconds) = (clock.now - start).components
        took.append((seconds * 1_000_000_000 + attoseconds / 1_000_000_000) / Int64(calls))
    }
    took.sort()
    print("time \(name) \(took[rounds / 2])")
}

let app = try await Phone.at(URL(fileURLWithPath: CommandLine.arguments[1])).app
_ = try await app.enrol(code: CommandLine.arguments[2])
_ = try await app.syncNow()
let form = try await app.startFill(form: "bench_fifty", start: StartFill(site: nil, campaign: nil, case: nil))
let questions = try form.screen().items.count
precondition(questions == 50)

await time("c-call", 100_000) { _ = getppid() }
try await time("sync-empty", 10_000) { try app.stopObserving() }
try await time("sync-sentence", 10_000) { _ = try errorSentence(error: AppError.StorageFull, language: "zh") }
try await time("async-query", 500) { _ = try await app.identity() }
try await time("screen-50", 50) { _ = try form.screen() }
var nth = 0
try await time("answer-50", 20) {
    nth += 1
    _ = try form.answer(question: "/data/q02", answer: .text(text: "门前第\(nth)处"))
}
try await app.shut()
