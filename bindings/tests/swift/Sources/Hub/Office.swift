import Foundation
import XunchaCore

/// A real hub in a process of its own, with an office that does as it is told: the program `stage` of tests/src.
/// One serves a whole test run; it goes when this process does.
package final class Office: @unchecked Sendable {
    package static let shared = try! Office()

    /// Deleted when the run ends; phones live in it too.
    package let folder: URL
    private let process = Process()
    private let orders = Pipe()
    private let answers = Pipe()
    private let lock = NSLock()
    private var heard = Data()
    private var opening: [String: Any] = [:]

    package struct Unclear: Error { package let answer: String }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("xuncha-swift-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // bindings/tests/swift/Sources/Hub/Office.swift
        let root = (0..<6).reduce(URL(fileURLWithPath: #filePath)) { at, _ in at.deletingLastPathComponent() }
        process.executableURL = root.appendingPathComponent("target/debug/stage")
        process.arguments = [folder.appendingPathComponent("office").path]
        process.standardInput = orders
        process.standardOutput = answers
        try process.run()
        atexit {
            Office.shared.orders.fileHandleForWriting.closeFile()
            Office.shared.process.waitUntilExit()
            try? FileManager.default.removeItem(at: Office.shared.folder)
        }
        opening = try hear()
    }

    /// Gives one order, as tests/src/stage.rs lists them; throws if it can't be followed.
    @discardableResult
    package func order(_ order: String) throws -> [String: Any] {
        try lock.withLock {
            orders.fileHandleForWriting.write(Data((order + "\n").utf8))
            return try hear()
        }
    }

    /// The office's verdict on a move.
    package func verdict(_ order: String) throws -> String { try self.order(order)["verdict"] as? String ?? "" }

    /// A one-time enrolment code for this person.
    package func code(_ person: String) throws -> String { try order("code \(person)")["code"] as? String ?? "" }

    /// One of the sample photos, as a camera hands it over.
    package func shot(_ number: Int) -> PhotoCapture {
        let photos = opening["photos"] as? [String] ?? []
        let now = opening["now_ms"] as? Int64 ?? 0
        return PhotoCapture(
            path: photos[number - 1], wallMs: now, offsetMin: 480, monoMs: 1_000, boot: "boot", fix: nil,
            heading: nil, imported: false)
    }

    private func hear() throws -> [String: Any] {
        while !heard.contains(10) {
            let more = answers.fileHandleForReading.availableData
            if more.isEmpty { throw Unclear(answer: "the stage ended") }
            heard.append(more)
        }
        let end = heard.firstIndex(of: 10)!
        let line = Data(heard[heard.startIndex..<end])
        heard = Data(heard[heard.index(after: end)...])
        let answer = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
        if answer["ok"] as? Bool != true { throw Unclear(answer: answer["error"] as? String ?? "") }
        return answer
    }
}
