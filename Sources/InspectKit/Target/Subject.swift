/// One process that is looked at, and where its state came from.
public struct Subject: Sendable {
  public enum Life: String, Sendable { case running, ended, core }

  public let state: State
  public let life: Life
  /// The state file or core.
  public let path: String

  init(state: State, life: Life, path: String) {
    self.state = state
    self.life = life
    self.path = path
  }

  /// T115 if records were left out; nil for a sound state.
  public var damage: Failure? { state.damage.isEmpty ? nil : .partlyDamaged(state.damage) }

  /// Reads a state file that the user named; its process may run, have ended, or never have been.
  static func fromFile(_ path: String) throws(Failure) -> Subject {
    let state = try StateFile.read(path)
    return Subject(state: state, life: life(of: state), path: path)
  }

  static func fromCore(_ path: String) throws(Failure) -> Subject {
    Subject(state: try CoreFile.read(path), life: .core, path: path)
  }

  /// Running only if the number still means the same process, and it has not replaced itself by a
  /// program without the library: exec keeps number and start time.
  static func life(of state: State) -> Life {
    guard Proc.startTicks(state.pid) == state.startTicks else { return .ended }
    return Proc.loadsLibrary(state.pid) == false ? .ended : .running
  }
}
