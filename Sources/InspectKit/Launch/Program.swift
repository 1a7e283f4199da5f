import CElf
import CInspect
import Glibc

/// A program that is to be run: where it is, and what the loader will make of it.
struct Program {
  /// As the user wrote it: becomes argv[0].
  let name: String
  let path: String
  /// Of the program, or of the interpreter of a script.
  let image: ElfImage
  /// Interpreter of a script.
  let interpreter: String?

  /// Finds the program and refuses what cannot be preloaded: R001 to R004, R007.
  static func find(_ name: String, _ surroundings: Surroundings) throws(Failure) -> Program {
    let path = try locate(name, surroundings)
    try checkExecutable(name, path)
    try checkPrivileges(name, path, surroundings)
    let (image, interpreter) = try load(name, path, surroundings, depth: 0)
    try checkImage(name, image, interpreter)
    return Program(name: name, path: path, image: image, interpreter: interpreter)
  }

  private static func locate(
    _ name: String, _ surroundings: Surroundings
  ) throws(Failure) -> String {
    if name.contains("/") {
      let path = surroundings.absolute(name)
      guard access(path, F_OK) == 0 else { throw .programNotFound(name, meant: nil, inPath: false) }
      return path
    }
    let folders = (surroundings.variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
      .split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
    for folder in folders {
      let path = surroundings.absolute(folder) + "/" + name
      if access(path, X_OK) == 0, isRegular(path) { return path }
    }
    throw .programNotFound(name, meant: meant(name, surroundings, folders), inPath: true)
  }

  /// A program of this folder with a similar name goes before one of PATH.
  private static func meant(
    _ name: String, _ surroundings: Surroundings, _ folders: [String]
  ) -> String? {
    let here = names(in: surroundings.directory).filter { file in
      let path = surroundings.directory + "/" + file
      return access(path, X_OK) == 0 && isRegular(path)
    }
    if let near = suggestion(for: name, among: here) { return "./" + near }
    return suggestion(for: name, among: folders.flatMap({ names(in: $0) }))
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func checkExecutable(_ name: String, _ path: String) throws(Failure) {
    guard isRegular(path) else {
      throw .notExecutable(name, "it is no ordinary file")
    }
    guard access(path, X_OK) == 0 else {
      throw .notExecutable(name, "it lacks the execute permission", "chmod +x \(printable(name))")
    }
  }

  /// The loader ignores LD_PRELOAD when the process gains privileges, and only then: root may
  /// preload into setuid-root programs.
  private static func checkPrivileges(
    _ name: String, _ path: String, _ surroundings: Surroundings
  ) throws(Failure) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    if status.st_mode & S_ISUID != 0, status.st_uid != surroundings.user {
      throw .privileged(name, "setuid")
    }
    if status.st_mode & S_ISGID != 0, status.st_mode & S_IXGRP != 0, status.st_gid != getegid() {
      throw .privileged(name, "setgid")
    }
    if surroundings.user != 0, inspect_has_capabilities(path) != 0 {
      throw .privileged(name, "a program with file capabilities")
    }
  }

  /// Follows `#!` as the kernel does, up to four times.
  private static func load(
    _ name: String, _ path: String, _ surroundings: Surroundings, depth: Int
  ) throws(Failure) -> (ElfImage, interpreter: String?) {
    if let image = ElfImage(path) { return (image, depth == 0 ? nil : path) }
    guard let file = try? OpenFile(path) else {
      throw .notExecutable(name, "it may not be read")
    }
    let line = file.read(at: 0, count: 256).prefix { $0 != UInt8(ascii: "\n") }
    let text = String(decoding: line, as: UTF8.self)
    let words = text.dropFirst(2).split { $0 == " " || $0 == "\t" }.map(String.init)
    guard text.hasPrefix("#!"), depth < 4, let first = words.first else {
      throw .notExecutable(name, "it is neither an ELF program nor a script")
    }
    guard access(first, F_OK) == 0 else { throw .noInterpreter(name, first) }
    // env(1) only passes on: what counts is the program that it finds.
    var next = first
    if first.hasSuffix("/env"), let passed = words.dropFirst().first(where: { !$0.hasPrefix("-") })
    {
      next = try locate(passed, surroundings)
    }
    return try load(name, next, surroundings, depth: depth + 1)
  }

  private static func checkImage(
    _ name: String, _ image: ElfImage, _ interpreter: String?
  ) throws(Failure) {
    let subject =
      interpreter.map { "\(printable(name)) is run by \(printable($0)), which" }
      ?? printable(name)
    guard image.is64Bit, image.machine == UInt16(EM_X86_64) else {
      throw .otherMachine(subject, "is no 64-bit x86 program")
    }
    guard let loader = image.interpreter else { throw .staticProgram(subject) }
    guard loader.split(separator: "/").last?.hasPrefix("ld-linux-x86-64.so") == true else {
      throw .otherMachine(subject, "uses the loader \(printable(loader)), not glibc's")
    }
  }
}
