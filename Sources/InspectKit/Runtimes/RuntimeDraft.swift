import CElf
import CInspect

/// A first version of a `[[runtime]]`: what a library's file tells, and what a process that ran it
/// has shown. What neither tells is said in a remark, for somebody who knows the runtime.
public struct RuntimeDraft {
  private(set) var facts: RuntimeFacts
  private(set) var remarks: [String: [String]] = [:]
  let image: ElfImage
  let file: String

  /// `state`: of a process in which the library was at work. `fresh`: as if the catalogue did not
  /// know it. Throws T131 if the file is no library.
  public init(_ path: String, observed: State?, name: String?, fresh: Bool) throws(Failure) {
    guard let image = ElfImage(path) else { throw .noDraft(path, "is no ELF program or library") }
    self.image = image
    file = path.split(separator: "/").last.map(String.init) ?? path
    let library = printable(image.name ?? file)
    let known = fresh ? nil : RuntimeDraft.known(image, library)
    facts = known ?? RuntimeFacts(name: RuntimeDraft.name(from: library))
    if let name { facts.name = name }
    if let known {
      remark("name", "Known as \(known.name) (\(known.title)); these are the catalogue's facts.")
      if name == nil { return }
    }
    recognition(library)
    if known == nil { signals(path) }
    if known == nil { threadLocal(path) }
    if let observed { observe(observed, library) }
    if known == nil { open() }
  }

  public var report: RuntimeReport {
    RuntimeReport(facts, origin: "draft from \(printable(file))", remarks: remarks)
  }

  mutating func remark(_ key: String, _ text: String) { remarks[key, default: []].append(text) }

  mutating func change(_ body: (inout RuntimeFacts) -> Void) { body(&facts) }

  // MARK: What it is

  private static func known(_ image: ElfImage, _ library: String) -> RuntimeFacts? {
    let known = KnownRuntime.recognise(image, as: library, among: KnownRuntime.builtIn)
    guard let name = known?.entry.name else { return nil }
    return coexist_built_in_at(coexist_built_in_named(name)).map { RuntimeFacts($0.pointee) }
  }

  /// "libmonosgen-2.0.so.1" → "monosgen".
  static func name(from library: String) -> String {
    let bare = library.drop { $0 == "_" }
    let stem = bare.hasPrefix("lib") ? bare.dropFirst(3) : bare
    let letters = stem.lowercased().prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
    let name = String(letters.drop { !$0.isLetter }.prefix(24))
    return name.isEmpty ? "runtime" : name
  }

  /// Any version: "libgc.so.1" → "libgc.so*".
  static func pattern(for library: String) -> String {
    let parts = library.split(separator: ".", omittingEmptySubsequences: false)
    guard let place = parts.firstIndex(of: "so"), place + 1 < parts.count else { return library }
    return parts[...place].joined(separator: ".") + "*"
  }

  private mutating func recognition(_ library: String) {
    let pattern = RuntimeDraft.pattern(for: library)
    if image.interpreter != nil, image.name == nil {
      remark("symbols", "A program has no name to be known by: name a symbol that it exports.")
    }
    facts.libraries = [pattern]
    facts.title = facts.title.isEmpty ? facts.name : facts.title
    if facts.name == RuntimeDraft.name(from: library) { return }
    // Under another name, what it exports would make it the known runtime as well.
    facts.symbols = []
    facts.note = nil
  }

  // MARK: What its file tells

  private static let installers: Set = [
    "sigaction", "__sigaction", "signal", "bsd_signal", "sysv_signal", "__sysv_signal", "ssignal",
    "sigset",
  ]

  private mutating func signals(_ path: String) {
    let imported = RuntimeDraft.installers.intersection(image.imported).sorted()
    guard !imported.isEmpty else {
      remark("signals", "It imports no function that installs handlers.")
      return
    }
    let found = SignalCalls.numbers(path, RuntimeDraft.installers)
    facts.signals = SignalNames.mask(found.reduce(0) { $0 | 1 << UInt64($1 - 1) })
    remark(
      "signals",
      "It calls \(imported.joined(separator: ", ")); "
        + (found.isEmpty ? "the numbers are not in its code." : "these numbers are in its code."))
    if image.imported.contains("sigaltstack") {
      remark("stack", "It calls sigaltstack: look which handlers run there.")
    }
  }

  private mutating func threadLocal(_ path: String) {
    if let image = try? ThreadLocalImage(path), image.isStatic {
      remark(
        "variables",
        "\(image.size) bytes of thread-local variables at fixed offsets; which are a "
          + "task's: coexist-inspect tls manifest")
    }
    let attaching = KnownRuntime.attachFunctions.first { names in
      image.exported.contains(names.attach)
        && names.argument.map(image.exported.contains) ?? true
    }
    facts.attach = attaching?.attach
    facts.attachArgument = attaching?.argument
    let words = ["attach_thread", "thread_attach", "register_my_thread", "thread_register"]
    let like = image.exported.filter { name in words.contains { name.lowercased().contains($0) } }
    if attaching == nil, !like.isEmpty {
      let some = like.sorted().prefix(4).map { printable($0) }.joined(separator: ", ")
      remark("attach", "Does it need to know threads? It exports \(some).")
    }
  }

  private mutating func open() {
    if image.imported.contains("mprotect") || image.imported.contains("memfd_create") {
      remark("claims", "It maps memory itself: code that it makes is its own as well.")
    }
    if facts.claims == "unknown" {
      remark(
        "claims", "When does it say that a fault is its own: precisely, own-code, greedily, never?")
    }
    remark("source", "Which file of its sources installs the handlers, and in which version?")
    facts.source = facts.source.isEmpty ? "drafted from \(printable(file))" : facts.source
  }
}
