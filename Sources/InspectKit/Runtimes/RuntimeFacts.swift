import CCoexist
import CInspect

/// All that the catalogue says of one runtime, in the words of the configuration's `[[runtime]]`.
public struct RuntimeFacts: Encodable, Sendable, Equatable {
  public var name: String
  public var title = ""
  public var libraries: [String] = []
  public var symbols: [String] = []
  public var note: String?
  public var signals: [String] = []
  public var privateSignals: [String] = []
  public var suspendSignal: String?
  public var claims = "unknown"
  public var passes = "on"
  public var previous = "default"
  public var flags: [String] = []
  public var stack = ""
  public var source = ""
  public var loader: [String] = []
  public var steadyThreads = 0
  public var restart: String?
  public var bundled: [String] = []
  public var tls: String?
  public var variables: [String] = []
  public var attach: String?
  public var attachArgument: String?
  public var share: String?

  init(name: String) { self.name = name }

  init(_ entry: coexist_catalogue_entry) {
    var entry = entry
    name = RuntimeFacts.text(entry.name) ?? ""
    title = RuntimeFacts.text(entry.title) ?? ""
    libraries = strings(&entry.libraries)
    symbols = strings(&entry.symbols)
    note = RuntimeFacts.text(entry.note)
    signals = SignalNames.mask(entry.signals)
    privateSignals = SignalNames.mask(entry.private_signals)
    switch entry.suspend_signal {
    case 0: suspendSignal = nil
    case Int32(COEXIST_SUSPEND_FIRST_REALTIME): suspendSignal = COEXIST_FIRST_REALTIME_WORD
    default: suspendSignal = SignalNames.name(Int(entry.suspend_signal))
    }
    claims = CatalogueWord.of(INSPECT_CLAIMS, entry.claims) ?? claims
    passes = CatalogueWord.of(INSPECT_PASSES, entry.passes) ?? passes
    previous = CatalogueWord.of(INSPECT_PREVIOUS, entry.previous) ?? previous
    flags = CatalogueWord.bits(INSPECT_FLAGS, entry.flags)
    stack = RuntimeFacts.text(entry.stack) ?? ""
    source = RuntimeFacts.text(entry.source) ?? ""
    loader = CatalogueWord.bits(INSPECT_LOADER, entry.loader)
    steadyThreads = Int(entry.steady_threads)
    restart = RuntimeFacts.text(entry.restart)
    bundled = strings(&entry.bundled)
    tls = entry.tls == 0 ? nil : CatalogueWord.of(INSPECT_TLS, entry.tls)
    variables = RuntimeFacts.variables(entry.variables)
    attach = RuntimeFacts.text(entry.attach)
    attachArgument = RuntimeFacts.text(entry.attach_argument)
    share = RuntimeFacts.text(entry.share)
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    pointer.map { printable(String(cString: $0)) }
  }

  private static func variables(_ first: UnsafePointer<coexist_manifest_entry>?) -> [String] {
    var result: [String] = []
    var next = first
    while let entry = next, let symbol = text(entry.pointee.symbol) {
      result.append(entry.pointee.size == 0 ? symbol : "\(symbol):\(entry.pointee.size)")
      next = entry + 1
    }
    return result
  }
}

/// A word of `catalogue_words.h`.
enum CatalogueWord {
  static func all(_ list: inspect_words) -> [(word: String, constant: String, value: UInt32)] {
    var result: [(word: String, constant: String, value: UInt32)] = []
    while let entry = inspect_word_at(list, result.count) {
      result.append(
        (
          String(cString: entry.pointee.word), String(cString: entry.pointee.constant),
          entry.pointee.value
        ))
    }
    return result
  }

  static func of(_ list: inspect_words, _ value: UInt32) -> String? {
    all(list).first { $0.value == value }?.word
  }

  static func bits(_ list: inspect_words, _ value: UInt32) -> [String] {
    all(list).filter { value & $0.value != 0 }.map(\.word)
  }

  static func constant(_ list: inspect_words, _ word: String) -> String {
    all(list).first { $0.word == word }?.constant ?? "0"
  }
}
