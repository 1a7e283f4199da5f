import CCoexist
import Glibc

/// The bytes of one struct coexist_state, checked for magic, version and size, in memory of their
/// own. Shorter states of the same version read as zeros behind their end.
final class StateImage {
  enum Problem: Error, Equatable {
    case notState
    case version(UInt32)
    case tooShort(have: Int, need: Int)
  }

  static let headerSize = 16
  static let size = MemoryLayout<coexist_state>.size
  /// The smallest size that version 1 ever had: up to the tables at least.
  static let minimumSize = MemoryLayout<coexist_state>.offset(of: \.events_next)! + 8

  let state: UnsafeMutablePointer<coexist_state>

  /// Copies what the header claims, at most `size` bytes. Throws if the bytes cannot be a state of
  /// a version that we read, or are fewer than that.
  convenience init(_ bytes: [UInt8]) throws(Problem) {
    try self.init(header: bytes) { memory in
      bytes.withUnsafeBytes { memory.copyBytes(from: $0.prefix(memory.count)) }
      return min(bytes.count, memory.count)
    }
  }

  /// The same of a file. What lies behind our structure is a newer writer's and is not read, but
  /// must be there.
  convenience init(_ file: OpenFile) throws(Problem) {
    let header = file.read(at: 0, count: StateImage.headerSize)
    let claimed = try StateImage.checkedSize(header: header)
    let have = file.currentSize
    guard have >= claimed else { throw .tooShort(have: have, need: claimed) }
    try self.init(header: header) { file.read(at: 0, into: $0) }
  }

  /// `fill` says how many bytes it found.
  private init(
    header: [UInt8], fill: (UnsafeMutableRawBufferPointer) -> Int
  ) throws(Problem) {
    let need = min(try StateImage.checkedSize(header: header), StateImage.size)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: StateImage.size, alignment: MemoryLayout<coexist_state>.alignment)
    state = memory.baseAddress!.bindMemory(to: coexist_state.self, capacity: 1)
    memset(memory.baseAddress! + need, 0, memory.count - need)
    let have = fill(UnsafeMutableRawBufferPointer(rebasing: memory[..<need]))
    guard have == need else { throw .tooShort(have: have, need: need) }
  }

  deinit { UnsafeMutableRawPointer(state).deallocate() }

  /// The size that the header claims, after its magic and version were found good.
  static func checkedSize(header bytes: [UInt8]) throws(Problem) -> Int {
    guard bytes.count >= headerSize else {
      throw .tooShort(have: bytes.count, need: headerSize)
    }
    let magic = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    guard magic == COEXIST_STATE_MAGIC || magic == COEXIST_CORE_MAGIC else { throw .notState }
    let version = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self) }
    guard version == COEXIST_STATE_VERSION else { throw .version(version) }
    let claimed = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 12, as: UInt32.self) }
    // A writer of this version never had less; one that grew has more, which we leave unread.
    guard claimed >= UInt32(minimumSize), claimed <= 64 << 20 else { throw .notState }
    return Int(claimed)
  }
}
