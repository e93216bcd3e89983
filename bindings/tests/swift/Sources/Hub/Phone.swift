import Foundation
import XunchaCore

/// A phone in a folder of its own, with the real library.
package final class Phone: Sendable {
    package let folder: URL
    package let app: App

    private init(folder: URL, app: App) {
        self.folder = folder
        self.app = app
    }

    /// The phone that lives in this folder.
    package static func at(_ folder: URL, keys: (any KeyKeeper)? = nil, language: String = "zh") async throws -> Phone {
        let place = { (name: String) in folder.appendingPathComponent(name).path }
        let config = AppConfig(
            folder: place("files"), cacheFolder: place("cache"), appVersion: "0.1.0", deviceModel: "Swift",
            language: language, bootId: "", answerTimeoutMs: 2_000)
        let app =
            if let keys { try await App.open(config: config, keys: keys) } else {
                try await App.openWithFileKeys(config: config, keyFolder: place("keys"))
            }
        return Phone(folder: folder, app: app)
    }

    /// A new phone, not enrolled.
    package static func fresh(keys: (any KeyKeeper)? = nil, language: String = "zh") async throws -> Phone {
        let folder = Office.shared.folder.appendingPathComponent("phone-\(UUID().uuidString)")
        return try await at(folder, keys: keys, language: language)
    }

    /// A new phone, enrolled for this person and synced once.
    package static func of(
        _ person: String, keys: (any KeyKeeper)? = nil, language: String = "zh"
    ) async throws -> Phone {
        let phone = try await fresh(keys: keys, language: language)
        _ = try await phone.app.enrol(code: Office.shared.code(person))
        try await phone.sync()
        return phone
    }

    /// Puts the phone down and takes it up again.
    package func reopened() async throws -> Phone {
        try await app.shut()
        return try await Phone.at(folder)
    }

    package func startPatrol() async throws -> FillSession {
        try await app.startFill(form: "test_patrol", start: StartFill(site: nil, campaign: nil, case: nil))
    }

    /// A patrol with two problems, the first with a photo.
    package func patrol(photo: Int) async throws -> Finalized {
        let form = try await startPatrol()
        try await fill(form, photo: photo)
        return try await form.finish()
    }

    package func fill(_ form: FillSession, photo: Int) async throws {
        _ = try form.answer(question: "/data/where", answer: .text(text: "人民路56号"))
        _ = try form.answer(question: "/data/find[1]/words", answer: .text(text: "装修垃圾一堆"))
        _ = try form.answer(question: "/data/find[1]/count", answer: .integer(value: 2))
        _ = try await form.attachPhoto(question: "/data/find[1]/photo", photo: Office.shared.shot(photo))
        guard let cards = try form.goTo(at: "/data/find").repeats.first else { throw Office.Unclear(answer: "no repeat") }
        _ = try form.addRepeat(at: cards.at)
        _ = try form.answer(question: "/data/find[2]/words", answer: .text(text: "井盖缺失"))
        _ = try form.answer(question: "/data/find[2]/count", answer: .integer(value: 1))
    }

    /// Syncs; anything but a whole sync is a failure.
    package func sync() async throws {
        let outcome = try await app.syncNow()
        guard outcome.kind == .done else { throw Office.Unclear(answer: "\(outcome.kind)") }
    }

    /// Ops and photos: made here, held by the hub.
    package func counts() async throws -> [UInt64] {
        let status = try await app.syncStatus()
        return [status.made, status.held, status.photosMade, status.photosHeld]
    }
}

extension Screen {
    package var repeats: [Repeat] { items.compactMap { if case .repeat(let found) = $0 { found } else { nil } } }
    package var questions: [Question] { items.compactMap { if case .question(let found) = $0 { found } else { nil } } }
}
