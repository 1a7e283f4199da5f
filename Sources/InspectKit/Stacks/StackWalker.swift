import CElf

/// One frame, innermost first.
struct RawFrame: Equatable {
  enum Kind: String, Encodable {
    /// Where the thread was when it was copied.
    case innermost
    case called
    /// A signal interrupted it here.
    case interrupted
    /// Found by looking for a return address: what is above it gives no rule for unwinding.
    case guessed
  }

  var pc: UInt64
  var sp: UInt64
  var kind: Kind
}

/// Unwinds copied threads with libdwfl: by call frame information, in code without any by frame
/// pointers, and where those end too early by the next return address on the stack.
final class StackWalker {
  static let frameLimit = 1024
  /// How far up a return address is looked for, in words.
  private static let scanLimit = 8192
  private static let restarts = 64

  private let symbols: MappedSymbols
  private let source: any ThreadSource
  private let callbacks: UnsafeMutablePointer<Dwfl_Thread_Callbacks>
  fileprivate var thread = ThreadCopy()
  private var frames: [RawFrame] = []
  private var isGuess = false
  /// The frame that was refused: its address holds no code.
  private var isBroken = false

  /// `symbols` has the modules of the same process or core. nil if libdwfl does not know the
  /// machine.
  init?(_ symbols: MappedSymbols, pid: Int, _ source: any ThreadSource) {
    self.symbols = symbols
    self.source = source
    callbacks = .allocate(capacity: 1)
    callbacks.initialize(to: Dwfl_Thread_Callbacks())
    callbacks.pointee.next_thread = { _, _, _ in 0 }
    callbacks.pointee.get_thread = { _, _, argument, thread in
      thread?.pointee = argument
      return argument != nil
    }
    callbacks.pointee.memory_read = { _, address, result, argument in
      guard let word = StackWalker.at(argument).word(at: address) else { return false }
      result?.pointee = word
      return true
    }
    callbacks.pointee.set_initial_registers = { thread, argument in
      dwfl_thread_state_registers(
        thread!, 0, UInt32(ThreadCopy.pc + 1), StackWalker.at(argument).thread.registers)
    }
    let own = Unmanaged.passUnretained(self).toOpaque()
    guard
      dwfl_attach_state(
        symbols.session, symbols.core?.elf, Int32(clamping: pid), callbacks, own)
    else {
      return nil
    }
  }

  deinit { callbacks.deallocate() }

  private static func at(_ argument: UnsafeMutableRawPointer?) -> StackWalker {
    Unmanaged<StackWalker>.fromOpaque(argument!).takeUnretainedValue()
  }

  /// The frames of a thread, and whether its outermost one was reached.
  func walk(_ copy: ThreadCopy) -> (frames: [RawFrame], isWhole: Bool) {
    thread = copy
    frames = []
    isGuess = false
    for _ in 0..<StackWalker.restarts {
      isBroken = false
      let status = dwfl_getthread_frames(
        symbols.session, Int32(clamping: thread.tid), { StackWalker.at($1).take($0!) },
        Unmanaged.passUnretained(self).toOpaque())
      if status == 0, !isBroken { return (frames, true) }
      if frames.count >= StackWalker.frameLimit || !restart() { break }
    }
    return (frames, false)
  }

  private func take(_ state: OpaquePointer) -> Int32 {
    var pc: Dwarf_Addr = 0
    var isActivation = false
    guard dwfl_frame_pc(state, &pc, &isActivation) else { return Int32(DWARF_CB_ABORT) }
    var sp: Dwarf_Word = 0
    if dwfl_frame_reg(state, UInt32(ThreadCopy.sp), &sp) != 0 { sp = frames.last?.sp ?? 0 }
    let kind: RawFrame.Kind =
      isGuess ? .guessed : frames.isEmpty ? .innermost : isActivation ? .interrupted : .called
    if !frames.isEmpty, !fits(pc, sp, kind) {
      isBroken = true
      return Int32(DWARF_CB_ABORT)
    }
    isGuess = false
    frames.append(RawFrame(pc: pc, sp: sp, kind: kind))
    // A jump through a bad pointer is the innermost frame of many crashes: no rule leads on.
    isBroken = !isCode(pc)
    let goesOn = !isBroken && frames.count < StackWalker.frameLimit
    return Int32(goesOn ? DWARF_CB_OK : DWARF_CB_ABORT)
  }

  /// Whether an unwound frame can be one. Frame pointers lead anywhere in code that has none.
  private func fits(_ pc: UInt64, _ sp: UInt64, _ kind: RawFrame.Kind) -> Bool {
    guard isCode(pc) || isCode(pc &- 1) else { return false }
    let last = frames[frames.count - 1]
    if kind == .interrupted || last.kind == .interrupted { return true }
    if sp <= last.sp, last.kind != .innermost { return false }
    if symbols.module(holding: last.pc) != nil { return true }
    // HotSpot's interpreter pushes return addresses itself, so no call need be before those.
    return source.mappings.span(holding: last.sp) == source.mappings.span(holding: sp)
      && (symbols.module(holding: pc) == nil || followsCall(pc))
  }

  /// gdb leaves out of a core what is in files, even that it was mapped.
  private func isCode(_ address: UInt64) -> Bool {
    guard let span = source.mappings.span(holding: address) else {
      return symbols.module(holding: address) != nil
    }
    return span.isCode
  }

  /// Goes on at the next return address above the last frame, if that is of no module: those have
  /// rules, and end where they say so.
  private func restart() -> Bool {
    guard let last = frames.last, last.sp != 0, symbols.module(holding: last.pc) == nil
    else { return false }
    let jumped = !isCode(last.pc)
    var address = (last.sp &+ 7) & ~7
    for _ in 0..<StackWalker.scanLimit {
      guard let word = word(at: address) else { return false }
      if isCode(word), followsCall(word) {
        // Whoever keeps a frame pointer saved it just below.
        if !jumped { thread.registers[ThreadCopy.fp] = self.word(at: address &- 8) ?? 0 }
        thread.registers[ThreadCopy.pc] = word
        thread.registers[ThreadCopy.sp] = address &+ 8
        isGuess = true
        return true
      }
      address &+= 8
    }
    return false
  }

  private func word(at address: UInt64) -> UInt64? {
    let offset = address &- thread.start
    if offset < UInt64(thread.stack.count), thread.stack.count - Int(offset) >= 8 {
      return thread.stack.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: Int(offset), as: UInt64.self)
      }
    }
    let bytes = source.memory(at: address, count: 8)
    return bytes.count == 8 ? bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) } : nil
  }

  /// Whether the instruction before an address is a call. Cores often lack code: then it may be.
  private func followsCall(_ pc: UInt64) -> Bool {
    let code = source.memory(at: pc &- 8, count: 8)
    return code.count < 8 || endsWithCall(code)
  }
}

/// Whether eight bytes of code end with a call: E8 with four bytes of distance, or FF /2 (Intel SDM
/// volume 2, CALL).
func endsWithCall(_ code: [UInt8]) -> Bool {
  guard code.count >= 8 else { return false }
  let end = code.count
  if code[end - 5] == 0xE8 { return true }
  for length in [2, 3, 4, 6, 7] {
    let modrm = end - length + 1
    guard code[modrm - 1] == 0xFF, (code[modrm] >> 3) & 7 == 2 else { continue }
    if indirectCallLength(code[modrm...]) == length { return true }
  }
  return false
}

/// The length of FF /2 by its ModRM byte and what follows.
private func indirectCallLength(_ code: ArraySlice<UInt8>) -> Int {
  let modrm = code[code.startIndex]
  let hasIndex = modrm & 7 == 4
  switch modrm >> 6 {
  case 3: return 2
  case 1: return hasIndex ? 4 : 3
  case 2: return hasIndex ? 7 : 6
  default:
    if modrm & 7 == 5 { return 6 }
    guard hasIndex, code.count > 1 else { return 2 }
    return code[code.startIndex + 1] & 7 == 5 ? 7 : 3
  }
}
