import Foundation
import XunchaCore

/// The core's notices as streams of "query again".
///
/// The notifier's thread only drops a word here and goes on; whoever listens does so on its own actor.
public final class Changes: Observer, @unchecked Sendable {
    private let lock = NSLock()
    private var listeners: [UUID: (kinds: Set<Change>, told: AsyncStream<Change>.Continuation)] = [:]

    public init() {}

    public func changed(change: Change) throws {
        lock.withLock {
            for listener in listeners.values where change == .everything || listener.kinds.contains(change) {
                listener.told.yield(change)
            }
        }
    }

    /// Yields at once, and then whenever one of the kinds changed. Words that nobody read yet are told once.
    public func of(_ kinds: Change...) -> AsyncStream<Change> {
        let id = UUID()
        let (stream, told) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .bufferingNewest(1))
        told.onTermination = { [weak self] _ in self?.forget(id) }
        lock.withLock { listeners[id] = (Set(kinds), told) }
        told.yield(.everything)
        return stream
    }

    private func forget(_ id: UUID) {
        lock.withLock { _ = listeners.removeValue(forKey: id) }
    }
}
