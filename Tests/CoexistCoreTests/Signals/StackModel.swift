@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// A stack_t that can be compared.
struct StackValue: Equatable, CustomStringConvertible {
  var low: UInt64
  var flags: UInt32
  var size: UInt64

  init(low: UInt64 = 0, flags: UInt32 = 0, size: UInt64 = 0) {
    self.low = low
    self.flags = flags
    self.size = size
  }

  init(_ native: stack_t) {
    self.init(
      low: UInt64(UInt(bitPattern: native.ss_sp)), flags: UInt32(bitPattern: native.ss_flags),
      size: UInt64(UInt(bitPattern: native.ss_size)))
  }

  var native: stack_t {
    stack_t(
      ss_sp: UnsafeMutableRawPointer(bitPattern: UInt(low)), ss_flags: Int32(bitPattern: flags),
      ss_size: Int(size))
  }

  var description: String { "{\(hex(low)) flags \(hex(UInt64(flags))) size \(size)}" }
}

/// sigaltstack(2) of one thread with one runtime: Linux 6 kernel/signal.c do_sigaltstack, line by
/// line. A test below holds it against the kernel that runs it.
struct StackModel {
  static let disable: UInt32 = 2
  static let autoDisarm: UInt32 = 0x8000_0000
  private(set) var stack = StackValue()

  func isOn(_ sp: UInt64) -> Bool {
    stack.flags & Self.autoDisarm == 0 && sp > stack.low && sp - stack.low <= stack.size
  }

  mutating func call(_ new: StackValue?, sp: UInt64) -> (error: Int32, old: StackValue?) {
    let state = stack.size == 0 ? Self.disable : isOn(sp) ? 1 : 0
    var old = stack
    old.flags = state | (stack.flags & Self.autoDisarm)
    guard var new else { return (0, old) }
    if isOn(sp) { return (1, nil) }  // EPERM; nothing is written then
    let mode = new.flags & ~Self.autoDisarm
    guard mode <= 2 else { return (22, nil) }  // EINVAL
    if mode == Self.disable {
      new.low = 0
      new.size = 0
    } else if new.size < 2048 {
      return (12, nil)  // ENOMEM: MINSIGSTKSZ
    }
    stack = new
    return (0, old)
  }
}
