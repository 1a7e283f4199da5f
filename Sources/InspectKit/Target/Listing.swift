import Glibc

/// All state files that can be found.
public struct Listing: Sendable {
  public var subjects: [Subject] = []
  /// Files that could not be read.
  public var failures: [Failure] = []
  /// Files of processes whose number another process has now; they were removed.
  public var removed: [String] = []

  public init(_ surroundings: Surroundings) {
    var seen: Set<Int> = []
    for place in StateFolders(surroundings).places {
      for name in names(in: place.folder) {
        guard let pid = place.pid(of: name), seen.insert(pid).inserted else { continue }
        add(pid, place.folder + "/" + name, surroundings)
      }
    }
    subjects.sort { Listing.rank($0) < Listing.rank($1) }
  }

  /// Running ones first, by number.
  private static func rank(_ subject: Subject) -> (Int, Int) {
    (subject.life == .running ? 0 : 1, subject.state.pid)
  }

  private mutating func add(_ pid: Int, _ path: String, _ surroundings: Surroundings) {
    do throws(Failure) {
      let owner = surroundings.user == 0 ? nil : surroundings.user
      let state = try StateFile.read(path, owner: owner)
      guard state.pid == pid else { throw .wrongProcess(path, state.pid) }
      if let ticks = Proc.startTicks(pid), ticks != state.startTicks {
        // The file outlived its process, and the number is taken: nobody can look for it any more.
        if Listing.isOurs(path, surroundings.user), unlink(path) == 0 { removed.append(path) }
        return
      }
      subjects.append(Subject(state: state, life: Subject.life(of: state), path: path))
    } catch {
      // A process that is just starting has made its file but not filled it.
      if Listing.isStarting(path) { return }
      failures.append(error)
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
