import Glibc

/// The state files that can be found, read.
public struct Listing: Sendable {
  /// How many of the processes that ended are read: newest first, because each costs a file.
  public enum Ended: Sendable, Equatable {
    case none
    case newest(Int)
    case all
  }

  /// Running ones first, by number; then those that ended, newest first.
  public var subjects: [Subject] = []
  /// Files that could not be read.
  public var failures: [Failure] = []
  /// Files that were removed: their process's number is another's now, or `prune`.
  public var removed: [String] = []
  /// Processes that ended and were not read.
  public var unread = 0

  public init(_ surroundings: Surroundings, ended: Ended) {
    var (running, rest) = Listing.candidates(surroundings)
    for candidate in running {
      // It can end, or turn out to be another process, between the look at /proc and here.
      if let subject = read(candidate, surroundings) {
        if subject.life == .running { subjects.append(subject) } else { rest.append(candidate) }
      }
    }
    subjects.sort { $0.state.pid < $1.state.pid }
    let wanted =
      switch ended {
      case .none: 0
      case .newest(let count): min(count, rest.count)
      case .all: rest.count
      }
    // There may be thousands of them, and only who is shown needs an order.
    let dated = wanted == 0 ? [] : rest.map { (candidate: $0, changed: Listing.modified($0.path)) }
    for (candidate, _) in dated.sorted(by: { $0.changed > $1.changed })[..<wanted] {
      if let subject = read(candidate, surroundings) { subjects.append(subject) }
    }
    unread = rest.count - wanted
  }

  /// Removes the user's own files of processes that ended, unread; returns how many.
  public static func prune(_ surroundings: Surroundings) -> Int {
    candidates(surroundings).ended.count {
      isOurs($0.path, surroundings.user) && unlink($0.path) == 0
    }
  }

  private struct Candidate {
    let pid: Int
    let path: String
  }

  /// When the file was last changed, in seconds; 0 = it is gone.
  private static func modified(_ path: String) -> Int {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
  }

  private static func candidates(
    _ surroundings: Surroundings
  ) -> (running: [Candidate], ended: [Candidate]) {
    var running: [Candidate] = []
    var ended: [Candidate] = []
    var seen: Set<Int> = []
    let living = Proc.living
    for place in StateFolders(surroundings).places {
      for (pid, name) in place.files where seen.insert(pid).inserted {
        let candidate = Candidate(pid: pid, path: place.folder + "/" + name)
        if living.contains(pid), Proc.startTicks(pid) != nil {
          running.append(candidate)
        } else {
          ended.append(candidate)
        }
      }
    }
    return (running, ended)
  }

  private mutating func read(_ candidate: Candidate, _ surroundings: Surroundings) -> Subject? {
    let path = candidate.path
    do throws(Failure) {
      let owner = surroundings.user == 0 ? nil : surroundings.user
      let ended = Proc.startTicks(candidate.pid) == nil
      let state = try StateFile.read(path, owner: owner, settled: ended)
      guard state.pid == candidate.pid else { throw .wrongProcess(path, state.pid) }
      if let ticks = Proc.startTicks(candidate.pid), ticks != state.startTicks {
        // The file outlived its process, and the number is taken: nobody looks for it any more.
        if Listing.isOurs(path, surroundings.user), unlink(path) == 0 { removed.append(path) }
        return nil
      }
      return Subject(state: state, life: Subject.life(of: state), path: path)
    } catch {
      // A process that is just starting has made its file but not filled it.
      if !Listing.isStarting(path) { failures.append(error) }
      return nil
    }
  }

  /// Root also sees the folders of others, but leaves them as they are.
  private static func isOurs(_ path: String, _ user: UInt32) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_uid == user
  }

  /// The library writes the magic last.
  private static func isStarting(_ path: String) -> Bool {
    guard let file = try? OpenFile(path, followLinks: false) else { return false }
    return file.read(at: 0, count: 8).allSatisfy { $0 == 0 }
  }
}
