import Glibc

/// A program ready to be executed under libcoexist.
public struct Launch {
  public let program: String
  let path: String
  let arguments: [String]
  let environment: [String: String]

  /// `changes`: "NAME=VALUE" sets, "NAME" removes, for the program only, in order.
  public init(
    _ command: [String], configuration: String?, changes: [String], _ surroundings: Surroundings
  ) throws(Failure) {
    guard let name = command.first else {
      throw Failure(
        "", "no program was given.", help: "coexist-inspect run -- PROGRAM ARGUMENTS", .usage)
    }
    // First the variables: a changed PATH or LD_PRELOAD counts for the program.
    var its = surroundings
    for change in changes { try Launch.apply(change, to: &its.variables) }
    let found = try Program.find(name, its)
    let preload = try Preload(configuration: configuration, its)
    its.variables["LD_PRELOAD"] = preload.value
    if let path = preload.configuration { its.variables["COEXIST_CONFIG"] = path }
    if let tunables = preload.tunables { its.variables["GLIBC_TUNABLES"] = tunables }
    program = name
    path = found.path
    arguments = command
    environment = its.variables
  }

  private static func apply(
    _ change: String, to variables: inout [String: String]
  ) throws(Failure) {
    let pair = change.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = pair.first, !name.isEmpty else { throw .badVariable(change) }
    variables[String(name)] = pair.count == 2 ? String(pair[1]) : nil
  }

  /// Replaces this process: same number, same terminal, and the program's own end is what the
  /// caller sees. Returns only to throw R006.
  public func execute() throws(Failure) -> Never {
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    argv.append(nil)
    var envp: [UnsafeMutablePointer<CChar>?] =
      environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
    envp.append(nil)
    execve(path, argv, envp)
    throw .execFailed(program, FileError(number: errno))
  }
}
