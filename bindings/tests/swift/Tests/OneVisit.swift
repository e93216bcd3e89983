import Foundation
import Hub
import Testing
import XunchaCore

/// All of these tests share one office and its weather: one after the other.
@Suite(.serialized) enum Core {}

extension Core {
    /// The main job through Swift: filled offline, brought in, dispatched, rectified.
    @Suite struct OneVisit {
        let office = Office.shared

        @Test func aPatrolFilledOfflineComesBackAsACaseAndIsRectifiedWithEvidence() async throws {
            let inspector = try await Phone.of("p-wang")
            try office.order("weather down")
            defer { _ = try? office.order("weather fair") }
            let done = try await inspector.patrol(photo: 1)
            #expect(try await inspector.app.syncNow().kind == .offline)
            #expect(try await inspector.counts() == [3, 0, 1, 0], "a record and two cases, all here only")
            try office.order("weather fair")
            try await inspector.sync()
            #expect(try await inspector.counts() == [3, 3, 1, 1])

            let record = try office.order("record \(done.recordId)")
            #expect(Set(record["cases"] as? [String] ?? []) == Set(done.cases))
            let photos = record["photos"] as? [[String: Any]] ?? []
            let photo = try #require(photos.first?["id"] as? String)
            #expect(photos.count == 1 && photos[0]["whole"] as? Bool == true)
            let path = try #require(try office.order("photo \(photo)")["path"] as? String)
            let taken = try Data(contentsOf: URL(fileURLWithPath: office.shot(1).path))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == taken, "the original, unchanged")

            let one = try #require(done.cases.first)
            #expect(try office.verdict("accept \(one)") == "applied")
            #expect(try office.verdict("dispatch \(one) to h-li") == "applied")
            #expect(try office.verdict("close \(one)") == "refused", "an assignment closes nothing")

            let handler = try await Phone.of("h-li")
            #expect(try await handler.app.today().cases.contains { $0.id == one })
            let seen = try await handler.app.caseView(id: one)
            #expect(seen.moves.first { $0.main }?.kind == "rectify")
            await #expect(throws: AppError.self) {
                try await handler.app.moveCase(id: one, step: self.rectified([]))
            }
            let after = try await handler.app.attachCasePhoto(id: one, photo: office.shot(2))
            _ = try await handler.app.moveCase(id: one, step: rectified([after.id]))
            try await handler.sync()

            let at = try office.order("case \(one)")
            #expect(at["state"] as? String == "rectified")
            #expect((at["photos"] as? [[String: Any]] ?? []).allSatisfy { $0["whole"] as? Bool == true })
            try await inspector.sync()
            let (theirs, ours) = (
                try await handler.app.caseView(id: one), try await inspector.app.caseView(id: one)
            )
            #expect(theirs.row.stateWord == ours.row.stateWord)
        }

        private func rectified(_ photos: [String]) -> CaseMove {
            .rectify(outcome: .resolved, note: "已清运", photos: photos)
        }

        @Test func aPhoneThatIsPutDownFindsItsDraftWhereItWasLeft() async throws {
            let phone = try await Phone.of("p-wang")
            let form = try await phone.startPatrol()
            try await phone.fill(form, photo: 3)
            try await form.shut()
            #expect(throws: AppError.Closed) { try form.screen() }
            let again = try await phone.reopened()
            await #expect(throws: AppError.Closed) { try await phone.app.today() }
            let drafts = try await again.app.today().drafts
            #expect(drafts.count == 1)
            let resumed = try await again.app.resumeFill(draft: drafts[0].id)
            #expect(try resumed.missing().isEmpty)
            let questions = try resumed.goTo(at: "/data/find[1]/words").questions
            #expect(questions.first { $0.at == "/data/find[1]/words" }?.value?.raw == "装修垃圾一堆")
            #expect(questions.first { $0.at == "/data/find[1]/photo" }?.photos.count == 1)
            let done = try await resumed.finish()
            try await again.sync()
            #expect((try office.order("record \(done.recordId)")["cases"] as? [String])?.count == 2)
        }
    }
}
