/// The draft of a `[[tls]]` for a library of initial-exec code: which of its variables follow the
/// task. A guess, for somebody who knows the library to look through.
public struct ManifestReport: Encodable, Sendable, Equatable {
  public struct Variable: Encodable, Sendable, Equatable {
    public var symbol: String
    public var offset: UInt64
    public var size: UInt64
    public var type: String?
    public var place: String?
    /// Why it is left out; nil = it is proposed.
    public var stays: String?
    /// Its value may be an address: wrong after an exchange if it points into the block itself.
    public var holdsAddress: Bool
  }

  public var library: String
  public var size: UInt64
  /// false: its code asks the loader for each address, so each context has its own block.
  public var needsOne: Bool
  public var variables: [Variable]

  public init(_ path: String) throws(Failure) {
    let image: ThreadLocalImage
    do { image = try ThreadLocalImage(path) } catch { throw .noManifest(path, error) }
    library = image.name
    size = image.size
    needsOne = image.isStatic
    variables = image.variables.map {
      Variable(
        symbol: $0.symbol, offset: $0.offset, size: $0.size, type: $0.type, place: $0.place,
        stays: ManifestReport.reasonToStay($0.symbol), holdsAddress: $0.holdsAddress)
    }
  }

  /// What belongs to the OS thread in every library that was looked into; exchanging it crashes.
  static func reasonToStay(_ symbol: String) -> String? {
    let name = symbol.lowercased()
    func has(_ parts: String...) -> Bool { parts.contains { name.contains($0) } }
    if has("mi_", "malloc", "alloc", "tcache", "heap", "arena", "tsd_tls") {
      return "an allocator's"
    }
    if has("eh_globals", "unwind", "exception") { return "an unwinder's" }
    if has("thread_id", "threadid", "gettid", "_tid", "thread_self") {
      return "the OS thread's name"
    }
    if has("rseq", "errno", "altstack") { return "the kernel's or libc's view of the thread" }
    return nil
  }

  public var text: String {
    guard needsOne else {
      return "# \(library) asks the loader for the address of each thread-local variable, so each\n"
        + "# context has its own block (\(size) bytes) without a manifest.\n"
    }
    var lines = [
      "# \(library): \(size) bytes of thread-local variables, read at fixed offsets. The variables",
      "# below are exchanged at each switch; look the draft through: what belongs to the OS thread",
      "# (heaps, thread ids, stack bounds of the thread) must stay, and a value that points into",
      "# these variables themselves cannot be moved.",
      "[[tls]]", "libraries = [\"\(library)\"]", "policy = \"copy\"", "variables = [",
    ]
    for variable in variables { lines.append(ManifestReport.line(variable)) }
    return lines.joined(separator: "\n") + "\n]\n"
  }

  private static func line(_ variable: Variable) -> String {
    var notes = ["\(variable.size) bytes at 0x" + String(variable.offset, radix: 16)]
    if let type = variable.type { notes.append(printable(type)) }
    if let place = variable.place { notes.append(printable(place)) }
    if variable.holdsAddress { notes.append("holds an address") }
    if let stays = variable.stays { notes.append("stays: \(stays)") }
    let isQuotable = variable.symbol.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != 34 && $0 != 92 }
    let start = variable.stays == nil && isQuotable ? "    " : "    # "
    return start + "\"\(printable(variable.symbol))\",  # " + notes.joined(separator: ", ")
  }
}

extension Failure {
  static func noManifest(_ path: String, _ trouble: ThreadLocalImage.Trouble) -> Failure {
    let name = printable(path)
    let explain = "coexist-inspect explain T120"
    switch trouble {
    case .unreadable(let why):
      return Failure(
        "T120", "\(name) cannot be read: \(why).", help: "name a library's file", .unavailable)
    case .notElf:
      return Failure("T120", "\(name) is no ELF file.", help: "name a library's file", .damaged)
    case .noVariables:
      return Failure("T120", "\(name) has no thread-local variables.", help: explain, .unavailable)
    case .noSymbols:
      return Failure(
        "T120", "\(name) has no symbols of its thread-local variables: it was stripped.",
        help: "name the file with its symbol table, or the one that objcopy --only-keep-debug made",
        .unavailable)
    }
  }
}
