@preconcurrency import CCoexist

/// An action as the kernel reads it back: what tests compare.
struct Action: Equatable, CustomStringConvertible {
  var handler: UInt64
  var flags: UInt64
  var mask: UInt64
  var restorer: UInt64

  init(handler: UInt64, flags: UInt64 = 0, mask: UInt64 = 0, restorer: UInt64 = 0) {
    self.handler = handler
    self.flags = flags
    self.mask = mask
    self.restorer = restorer
  }

  init(_ action: coexist_action) {
    self.init(
      handler: action.handler, flags: action.flags, mask: action.mask, restorer: action.restorer)
  }

  init(_ native: sigaction) {
    var native = native
    var action = coexist_action()
    coexist_action_read(&native, &action)
    self.init(action)
  }

  var words: coexist_action {
    var action = coexist_action()
    action.handler = handler
    action.flags = flags
    action.mask = mask
    action.restorer = restorer
    return action
  }

  var native: sigaction {
    var action = words
    var native = sigaction()
    coexist_action_write(&action, &native)
    return native
  }

  /// What Linux keeps of it (kernel/signal.c do_sigaction): known flags, no SIGKILL or SIGSTOP in
  /// the mask; and glibc's restorer.
  var kept: Action {
    Action(
      handler: handler, flags: (flags & 0xD800_0807) | 0x0400_0000,
      mask: mask & ~(1 << 8 | 1 << 18), restorer: FakeKernel.restorer)
  }

  var description: String {
    "{\(hex(handler)) flags \(hex(flags)) mask \(hex(mask)) restorer \(hex(restorer))}"
  }
}

func hex(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }
