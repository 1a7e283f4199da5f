import Glibc

/// Reads the state of a process from its state file.
enum StateFile {
  /// How often a file that changes while it is read is read again.
  static let attempts = 5

  /// Reads and decodes. `owner`: who must own the file; nil = anybody (the user named the file).
  /// `settled`: its process has ended, so that nobody writes any more.
  static func read(
    _ path: String, owner: UInt32? = nil, settled: Bool = false
  ) throws(Failure) -> State {
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path, followLinks: owner == nil)
    } catch {
      throw .cannotOpen(path, error)
    }
    if let owner, file.owner != owner, file.owner != 0 {
      throw .foreignFile(path, owner: file.owner)
    }
    do throws(StateImage.Problem) {
      return settled ? State(try StateImage(file)) : try decode(file)
    } catch {
      throw .damaged(path, error)
    }
  }

  /// Two readings each time: their difference tells what was written in between.
  private static func decode(_ file: OpenFile) throws(StateImage.Problem) -> State {
    var state = State()
    for attempt in 1...attempts {
      let first = try StateImage(file)
      let second = try StateImage(file)
      state = State(first, later: second)
      let still =
        first.state.pointee.generation == second.state.pointee.generation
        && first.state.pointee.region_table == second.state.pointee.region_table
      if still && state.damage.isEmpty { break }
      if attempt < attempts { usleep(500) }
    }
    return state
  }
}
