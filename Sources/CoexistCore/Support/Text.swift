import CCoexist

/// A line of text built in place, without allocation; what does not fit is cut. Async-signal-safe.
struct Text {
  private let base: UnsafeMutablePointer<CChar>
  private let size: Int
  private(set) var length = 0

  /// Writes into `size` bytes at `base`; the text always ends in NUL.
  @_noLocks @_noAllocation
  init(_ base: UnsafeMutablePointer<CChar>, size: Int) {
    self.base = base
    self.size = size
    base[0] = 0
  }

  @_noLocks @_noAllocation
  mutating func add(_ byte: UInt8) {
    guard length &+ 1 < size else { return }
    base[length] = CChar(bitPattern: byte)
    length &+= 1
    base[length] = 0
  }

  @_noLocks @_noAllocation
  mutating func add(_ text: StaticString) {
    for i in 0..<text.utf8CodeUnitCount { add(text.utf8Start[i]) }
  }

  /// Bytes that are not printable ASCII are shown as `?`: names come from strangers' files.
  @_noLocks @_noAllocation
  mutating func add(name text: UnsafePointer<CChar>) {
    var i = 0
    while text[i] != 0, i < 256 {
      let byte = UInt8(bitPattern: text[i])
      add(byte >= 32 && byte < 127 ? byte : 63)
      i &+= 1
    }
  }

  @_noLocks @_noAllocation
  mutating func add(decimal number: Int64) {
    if number < 0 { add(UInt8(45)) }
    var rest = number.magnitude
    var divisor: UInt64 = 1
    while rest / divisor >= 10 { divisor &*= 10 }
    while divisor > 0 {
      add(UInt8(48 &+ rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }

  @_noLocks @_noAllocation
  mutating func add(hex number: UInt64) {
    add("0x")
    var shift = 60
    while shift > 0, number &>> UInt64(shift) == 0 { shift &-= 4 }
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: number &>> UInt64(shift) & 15)
      add(digit < 10 ? 48 &+ digit : 87 &+ digit)
      shift &-= 4
    }
  }
}
