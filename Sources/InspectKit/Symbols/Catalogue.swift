import CInspect

/// By what the library recognises a runtime, for Swift: its catalogue, and the configuration's
/// [[runtime]] over it.
struct KnownRuntime: Equatable {
  let name: String
  let title: String
  /// Patterns of SONAMEs; a last `*` matches any rest. The first makes the runtime.
  let libraries: [String]
  let symbols: [String]
  let note: String?
  let isConfigured: Bool

  static let builtIn: [KnownRuntime] = (0..<coexist_built_in_count).compactMap {
    coexist_built_in_at($0).map { KnownRuntime($0.pointee) }
  }

  /// The configured ones take the places of built-in ones of their names.
  static func all(_ configured: [KnownRuntime]) -> [KnownRuntime] {
    builtIn.map { known in configured.last { $0.name == known.name } ?? known }
      + configured.filter { own in !builtIn.contains { $0.name == own.name } }
  }

  /// As the library in the process knows them, if its configuration file still says so.
  static func all(for state: State) -> [KnownRuntime] {
    all(Configuration.read(for: state)?.known ?? [])
  }

  init(_ entry: coexist_catalogue_entry) {
    name = printable(String(cString: entry.name))
    title = printable(String(cString: entry.title))
    var copy = entry
    libraries = strings(&copy.libraries)
    symbols = strings(&copy.symbols)
    note = copy.note.map { String(cString: $0) }
    isConfigured = copy.is_configured != 0
  }

  /// By which a runtime is told of a thread that it has not made.
  static let attachFunctions: [(attach: String, argument: String?)] =
    (0..<coexist_built_in_count).compactMap { index in
      guard let entry = coexist_built_in_at(index), let attach = entry.pointee.attach else {
        return nil
      }
      return (String(cString: attach), entry.pointee.attach_argument.map { String(cString: $0) })
    }

  /// The patterns of names that a library of this name exports as copies of others'.
  static func bundled(by library: String) -> [String] {
    guard let patterns = coexist_catalogue_bundled(library) else { return [] }
    return (0..<COEXIST_CATALOGUE_BUNDLED).compactMap {
      patterns[$0].map { String(cString: $0) }
    }
  }

  /// Who a file belongs to, and what told. Its name says more than what it exports, and the user
  /// knows better than we do (`coexist_catalogue_recognise`).
  static func recognise(
    _ image: ElfImage, as library: String, among entries: [KnownRuntime]
  ) -> (entry: KnownRuntime, evidence: String)? {
    let inOrder = entries.filter(\.isConfigured) + entries.filter { !$0.isConfigured }
    for entry in inOrder where entry.libraries.contains(where: { matches($0, library) }) {
      return (entry, library)
    }
    for entry in inOrder {
      if let symbol = entry.symbols.first(where: image.exported.contains) {
        return (entry, "\(symbol) in \(library)")
      }
      if let note = entry.note, image.notes.contains(note) { return (entry, "note in \(library)") }
    }
    return nil
  }

  static func matches(_ pattern: String, _ name: String) -> Bool {
    pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
  }
}

/// The non-NULL pointers of a fixed array of C strings.
func strings<Tuple>(_ array: inout Tuple) -> [String] {
  withUnsafeBytes(of: &array) { bytes in
    bytes.bindMemory(to: UnsafePointer<CChar>?.self).compactMap { $0.map { String(cString: $0) } }
  }
}
