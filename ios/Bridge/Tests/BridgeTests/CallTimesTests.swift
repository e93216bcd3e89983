import Testing
import XunchaCore

/// What a call costs from Swift. The figure is printed; the limit is loose, for a machine that does other work.
@Test func aSyncCallIsCheap() throws {
    let rounds = 20_000
    for _ in 0..<1_000 { _ = try errorSentence(error: AppError.StorageFull, language: "zh") }
    let took = try ContinuousClock().measure {
        for _ in 0..<rounds { _ = try errorSentence(error: AppError.StorageFull, language: "zh") }
    }
    let micros = Double(took.components.attoseconds) / 1e12 / Double(rounds) + Double(took.components.seconds) * 1e6 / Double(rounds)
    print("call times, Swift: sync call with an error in and a sentence out: \(micros) µs")
    #expect(micros < 1_000)
}
