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

/// Reads the mappings when the first address is to be named: a report often has none.
private final class LaterSymbols: Symbolizer {
  private let subject: Subject
  private lazy var symbols = subject.mappedSymbols()

  init(_ subject: Subject) { self.subject = subject }

  func locate(_ address: UInt64) -> Location? { symbols?.locate(address) }
}

extension Subject {
  public func symbolizer() -> any Symbolizer { LaterSymbols(self) }

  /// The mappings of the living process or the core; an ended process has none.
  func mappedSymbols() -> MappedSymbols? {
    switch life {
    case .running: MappedSymbols(pid: state.pid)
    case .core: MappedSymbols(core: path)
    case .ended: nil
    }
  }
}
