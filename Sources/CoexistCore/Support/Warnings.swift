import CCoexist
import Synchronization

/// Messages of the running library: into the state's ring, and to the log when its level allows.
enum Warnings {
  /// Async-signal-safe. `write` builds the sentence.
  @_noLocks @_noAllocation
  static func add(_ code: StaticString, level: coexist_log_level, _ write: (inout Text) -> Void) {
    let sequence = withUnsafeMutablePointer(to: &State.shared.pointee.warnings_next) {
      atomic($0).pointee.wrappingAdd(1, ordering: .relaxed).newValue
    }
    let slot = coexist_state_warning(State.shared, sequence)!
    withUnsafeMutablePointer(to: &slot.pointee.sequence) {
      atomic($0).pointee.store(0, ordering: .releasing)
    }
    slot.pointee.time_ns = coexist_clock_ns(0)
    fill(&slot.pointee.code, MemoryLayout.size(ofValue: slot.pointee.code)) { $0.add(code) }
    fill(&slot.pointee.text, MemoryLayout.size(ofValue: slot.pointee.text), write)
    // Pairs with the reader, which takes a slot whose sequence it read twice.
    withUnsafeMutablePointer(to: &slot.pointee.sequence) {
      atomic($0).pointee.store(sequence, ordering: .releasing)
    }
    if coexist_the_config().pointee.log_level >= level.rawValue { log(code, level, write) }
  }

  @_noLocks @_noAllocation
  private static func fill<T>(_ storage: inout T, _ size: Int, _ write: (inout Text) -> Void) {
    withUnsafeMutableBytes(of: &storage) { bytes in
      var text = Text(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), size: size)
      write(&text)
    }
  }

  @_noLocks @_noAllocation
  private static func log(
    _ code: StaticString, _ level: coexist_log_level, _ write: (inout Text) -> Void
  ) {
    withUnsafeTemporaryLine { line in
      var text = Text(line, size: MemoryLayout<coexist_line>.size)
      text.add("coexist[")
      text.add(decimal: Int64(coexist_getpid()))
      text.add(level == COEXIST_LOG_ERROR ? "]: error[" : "]: warning[")
      text.add(code)
      text.add("]: ")
      write(&text)
      text.add(UInt8(10))
      coexist_write_log(line, UInt64(text.length))
    }
  }

  /// A line of stack.
  @_noLocks @_noAllocation
  static func withUnsafeTemporaryLine(_ body: (UnsafeMutablePointer<CChar>) -> Void) {
    var line = coexist_line()
    withUnsafeMutableBytes(of: &line) {
      body($0.baseAddress!.assumingMemoryBound(to: CChar.self))
    }
  }
}
