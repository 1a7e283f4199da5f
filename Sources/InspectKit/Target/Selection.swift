/// What the user asked to look at.
public enum Selection: Sendable, Equatable {
  /// The only process there is.
  case automatic
  case pid(Int)
  case name(String)
  case stateFile(String)
  case core(String)

  /// The target argument of every command that looks: digits are a process's number.
  public init(target: String?, stateFile: String?, core: String?) {
    if let stateFile {
      self = .stateFile(stateFile)
    } else if let core {
      self = .core(core)
    } else if let target {
      self = Int(target).map(Selection.pid) ?? .name(target)
    } else {
      self = .automatic
    }
  }

  /// `command` is the subcommand's name, for remedies that repeat it.
  public func resolve(_ surroundings: Surroundings, command: String) throws(Failure) -> Subject {
    switch self {
    case .stateFile(let path): return try Subject.fromFile(surroundings.absolute(path))
    case .core(let path): return try Subject.fromCore(surroundings.absolute(path))
    case .pid(let pid): return try Selection.find(pid, surroundings, command: command)
    case .name(let name): return try Selection.find(name, surroundings)
    case .automatic: return try Selection.only(surroundings)
    }
  }

  private static func only(_ surroundings: Surroundings) throws(Failure) -> Subject {
    let running = Listing(surroundings, ended: .none).subjects
    guard let first = running.first else { throw .nothingFound(user: surroundings.user) }
    guard running.count == 1 else { throw .several(running.map(\.state.pid)) }
    return first
  }

  /// Running processes go before those that ended and left their file.
  private static func find(
    _ name: String, _ surroundings: Surroundings
  ) throws(Failure) -> Subject {
    var all = Listing(surroundings, ended: .none).subjects
    var matches = all.filter { $0.state.programName == name }
    if matches.isEmpty {
      all = Listing(surroundings, ended: .all).subjects
      matches = all.filter { $0.state.programName == name }
    }
    guard let first = matches.first else {
      throw .noName(name, known: all.map(\.state.programName))
    }
    guard matches.count == 1 else { throw .several(matches.map(\.state.pid)) }
    return first
  }

  private static func find(
    _ pid: Int, _ surroundings: Surroundings, command: String
  ) throws(Failure) -> Subject {
    let ticks = Proc.startTicks(pid)
    let owner = Proc.owner(pid)
    for path in candidates(pid, surroundings) where exists(path) {
      let trusted = surroundings.user == 0 ? nil : surroundings.user
      let state = try StateFile.read(path, owner: trusted)
      guard state.pid == pid else { throw .wrongProcess(path, state.pid) }
      let life = Subject.life(of: state)
      if life == .running || ticks == nil {
        return Subject(state: state, life: life, path: path)
      }
    }
    guard ticks != nil, let owner else { throw .noProcess(pid) }
    if surroundings.user != 0, owner != surroundings.user {
      throw .notYours(pid, owner: owner, command: command)
    }
    throw Proc.loadsLibrary(pid) == true ? .noState(pid) : .notUnderCoexist(pid)
  }

  /// Our own places first, then those that the process's own environment names.
  private static func candidates(_ pid: Int, _ surroundings: Surroundings) -> [String] {
    var paths = StateFolders(surroundings).places.map { $0.path(of: pid) }
    if let variables = Proc.variables(pid) {
      let its = Surroundings(
        variables: variables, directory: Proc.workingDirectory(pid) ?? "/",
        user: Proc.owner(pid) ?? surroundings.user, now: surroundings.now)
      paths += StateFolders(its).places.map { $0.path(of: pid) }
    }
    return paths
  }
}
