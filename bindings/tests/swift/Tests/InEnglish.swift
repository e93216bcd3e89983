import Foundation
import Hub
import Testing
import XunchaCore

extension Core {
    /// Who chose English reads no Chinese on any screen, but what nobody gave in English: names, addresses, titles of forms.
    @Suite struct InEnglish {
        let office = Office.shared
        let chinese = OnlyChinese()

        @Test func everythingThatScreensDrawIsEnglish() async throws {
            let phone = try await Phone.of("p-dongcheng", language: "en")
            try await lists(of: phone, "at first")
            let done = try await visit(phone)
            try office.order("weather down")
            defer { _ = try? office.order("weather fair") }
            speaksEnglish("offline", try await phone.app.syncNow())
            try await lists(of: phone, "waiting")
            try office.order("weather fair")
            speaksEnglish("held", try await phone.app.syncNow())
            let one = try #require(done.cases.first)
            _ = try office.verdict("accept \(one)")
            _ = try office.verdict("dispatch \(one) to h-li")
            try await phone.sync()
            try await lists(of: phone, "held")
            speaksEnglish("record", try await phone.app.record(id: done.recordId))
            speaksEnglish("case", try await phone.app.caseView(id: one))
            try await handler(one)
        }

        @Test func everyFailureHasAnEnglishSentence() throws {
            let all: [AppError] = [
                .NotFound(what: "draft", id: "d1"), .Unsupported(feature: "odk:recordaudio", place: ""),
                .Unauthorized(revoked: true), .Unauthorized(revoked: false), .Outdated(minimum: "2.0"), .StorageFull,
                .Damaged(keptAt: "/kept"), .Closed, .Internal(report: "F-7", detail: "chain"),
            ]
            for error in all { speaksEnglish("\(error)", try errorSentence(error: error, language: "en")) }
        }

        private func lists(of phone: Phone, _ when: String) async throws {
            speaksEnglish("today \(when)", try await phone.app.today())
            speaksEnglish("sync \(when)", try await phone.app.syncStatus())
            speaksEnglish("forms \(when)", try await phone.app.forms())
            speaksEnglish("storage \(when)", try await phone.app.storageReport())
            for text in ["", "nothing like it"] {
                let filter = CaseFilter(
                    text: text, mine: false, open: false, overdue: false, state: nil, site: nil, offset: 0, limit: 0)
                speaksEnglish("cases \(when) “\(text)”", try await phone.app.cases(filter: filter))
            }
            let near = NearPoint(lat: 35.21, lon: 113.24, datum: .wgs84)
            let sites = try await phone.app.sites(filter: SiteFilter(text: "", kind: nil, near: near, limit: 0))
            #expect(!sites.isEmpty)
            speaksEnglish("sites \(when)", sites)
            speaksEnglish("site \(when)", try await phone.app.site(id: sites[0].id))
        }

        /// A visit with one problem: every page as it begins and as it is left, the list of what is missing, a search.
        private func visit(_ phone: Phone) async throws -> Finalized {
            let visit = try #require(try await phone.app.today().visits.first)
            let start = StartFill(site: visit.site, campaign: visit.campaign, case: nil)
            let form = try await phone.app.startFill(form: visit.form, start: start)
            let asks = { (screen: Screen) in speaksEnglish("visit, \(screen.pageLabel)", screen) }
            asks(try form.screen())
            speaksEnglish("missing", try form.missing())
            asks(try form.answer(question: "/data/who/party", answer: .choice(value: "leaders")))
            asks(try form.answer(question: "/data/who/visitors", answer: .text(text: "Wang, Li")))
            asks(try form.next())
            asks(try form.answer(question: "/data/found/any", answer: .choice(value: "yes")))
            asks(try form.openRepeat(at: "/data/found/problem[1]"))
            let problem = "/data/found/problem[1]"
            asks(try form.answer(question: "\(problem)/kind", answer: .choice(value: "problem")))
            asks(try form.answer(question: "\(problem)/topic", answer: .choice(value: "water")))
            speaksEnglish("choices", try form.choices(question: "\(problem)/topic", search: "", limit: 0))
            asks(try form.answer(question: "\(problem)/description", answer: .text(text: "No water upstairs")))
            asks(try await form.attachPhoto(question: "\(problem)/photo", photo: office.shot(1)))
            asks(try form.next())
            asks(try form.next())
            asks(try form.answer(question: "/data/closing/satisfaction", answer: .choice(value: "satisfied")))
            speaksEnglish("nothing missing", try form.missing())
            let done = try await form.finish()
            speaksEnglish("finished", done)
            return done
        }

        /// What the handler may do, what it lacks, and what was refused.
        private func handler(_ one: String) async throws {
            let phone = try await Phone.of("h-li", language: "en")
            let lacking = CaseMove.rectify(outcome: .resolved, note: "", photos: [])
            speaksEnglish("lacking", try await phone.app.previewMove(id: one, step: lacking))
            speaksEnglish("taken", try await phone.app.moveCase(id: one, step: .receive(note: "Going there")))
            try office.order("move \(one) as h-li {\"type\":\"receive\",\"note\":\"with the other phone\"}")
            speaksEnglish("the other was faster", try await phone.app.syncNow())
            let status = try await phone.app.syncStatus()
            #expect(!status.refused.isEmpty)
            speaksEnglish("refused", status)
            speaksEnglish("case refused", try await phone.app.caseView(id: one))
            try await phone.app.leaveRefused(op: status.refused[0].op)
        }

        /// Fails for each text of a view that holds Chinese of ours.
        private func speaksEnglish(_ what: String, _ view: Any, at place: String = "") {
            if let text = view as? String {
                let stray = chinese.stray(in: text)
                #expect(stray.isEmpty, "\(what) \(place): “\(stray)” in “\(text)”")
            }
            for part in Mirror(reflecting: view).children where !(view is String) {
                speaksEnglish(what, part.value, at: [place, part.label ?? ""].joined(separator: "."))
            }
        }
    }
}

/// What stands in Chinese on English screens too, since nobody gave it in English: names and addresses of the scene, titles of forms.
struct OnlyChinese {
    private let own: [String]

    init() {
        // bindings/tests/swift/Tests/InEnglish.swift
        let root = (0..<5).reduce(URL(fileURLWithPath: #filePath)) { at, _ in at.deletingLastPathComponent() }
        let texts = { (below: String) -> [String] in
            let folder = root.appendingPathComponent(below)
            let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
            return files.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
        }
        let scene = texts("content/scene").flatMap { $0.matches(of: /"([^"]*)"/).map { String($0.1) } }
        let forms = texts("content/forms/expected") + texts("tests/data")
        let titles = forms.compactMap { $0.firstMatch(of: /<h:title>([^<]*)<\/h:title>/).map { String($0.1) } }
        // The staff of the stage and its unit, and what a language calls itself.
        let names = ["王新", "李明", "吕核", "陈晓", "东城大队", "中文 (zh)"]
        // What inspectors of the other tests wrote in the office that all share.
        let written = ["装修垃圾一堆", "井盖缺失", "人民路56号", "由观察者填写", "已清运"]
        own = Set(scene + titles + names + written).filter { $0.contains(where: Self.isChinese) }.sorted { $0.count > $1.count }
    }

    /// What of this text should be in English and is not.
    func stray(in text: String) -> String {
        own.reduce(text) { $0.replacingOccurrences(of: $1, with: "") }.filter(Self.isChinese)
    }

    /// Chinese or its punctuation, also where that is as wide as a character.
    private static func isChinese(_ character: Character) -> Bool {
        character.unicodeScalars.contains { scalar in
            [0x2E80...0x9FFF, 0xF900...0xFAFF, 0xFF00...0xFFEF].contains { $0.contains(scalar.value) }
        }
    }
}
