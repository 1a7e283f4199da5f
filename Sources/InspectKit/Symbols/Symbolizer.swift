/// What is at an address of the observed process.
public struct Location: Sendable, Equatable {
  /// File name of the module.
  public var module: String
  public var path: String
  /// Where the module's first segment is mapped.
  public var base: UInt64
  public var symbol: String?
  /// Bytes from the symbol's start, or from `base` without a symbol.
  public var offset: UInt64

  /// "JVM_handle_linux_signal", "libjvm.so+0x1234" without a symbol.
  var text: String {
    guard let symbol else { return "\(module)+\(addressText(offset))" }
    return offset == 0 ? symbol : "\(symbol)+\(addressText(offset))"
  }
}

/// Names addresses. Made per target; nil when nothing is known.
public protocol Symbolizer {
  func locate(_ address: UInt64) -> Location?
}

/// For a process that ended: nothing is mapped any more.
struct NoSymbols: Symbolizer {
  func locate(_ address: UInt64) -> Location? { nil }
}

extension Subject {
  /// Reads mappings of the living process or the core; an ended process gives none.
  public func symbolizer() -> any Symbolizer {
    switch life {
    case .running: MappedSymbols(pid: state.pid) ?? NoSymbols()
    case .core: MappedSymbols(core: path) ?? NoSymbols()
    case .ended: NoSymbols()
    }
  }
}
