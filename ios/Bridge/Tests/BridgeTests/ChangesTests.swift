import Foundation
import Testing
import XunchaCore

@testable import Bridge

@Suite struct ChangesTests {
    @Test func aListenerHearsAtOnceAndThenOnlyOfItsKinds() async throws {
        let changes = Changes()
        var heard = changes.of(.drafts, .photos).makeAsyncIterator()
        #expect(await heard.next() == .everything)
        try changes.changed(change: .sites)
        try changes.changed(change: .photos)
        #expect(await heard.next() == .photos)
        try changes.changed(change: .everything)
        #expect(await heard.next() == .everything)
    }

    @Test func aSlowListenerHearsOnceAndHoldsNobodyUp() async throws {
        let changes = Changes()
        let stream = changes.of(.sync)
        for _ in 0..<10_000 { try changes.changed(change: .sync) }
        var heard = stream.makeAsyncIterator()
        #expect(await heard.next() == .sync)
    }

    @Test func typedTextBecomesTheQuestionsType() {
        #expect(typedAnswer(.integer, " 12 ") == .integer(value: 12))
        #expect(typedAnswer(.decimal, "2.5") == .decimal(value: 2.5))
        #expect(typedAnswer(.decimal, "三米") == .text(text: "三米"))
        #expect(typedAnswer(.text, "  ") == .empty)
        #expect(typedAnswer(.text, " 路口 ") == .text(text: " 路口 "))
    }

    @Test func anErrorsSentenceComesFromTheCore() throws {
        let full: any Error = AppError.StorageFull
        #expect(full.sentence("zh").contains("空间"))
        #expect(full.sentence("en").contains("storage"))
        let wrong: any Error = AppError.Invalid(at: "/data/height", zh: "高度应在0.5到3米之间。", en: "0.5 to 3 m.")
        #expect(wrong.sentence("zh") == "高度应在0.5到3米之间。")
    }
}
