import CCoexist
import Synchronization

/// The tables that other processes read (`state.h`), as typed pointers.
enum State {
  static var shared: UnsafeMutablePointer<coexist_state> {
    @_noLocks @_noAllocation @inline(__always) get { coexist_the_state() }
  }

  @_noLocks @_noAllocation @inline(__always)
  static func signal(_ number: Int32) -> UnsafeMutablePointer<coexist_signal> {
    coexist_state_signal(shared, UInt64(UInt32(bitPattern: number)))
  }

  @_noLocks @_noAllocation @inline(__always)
  static func runtime(_ number: UInt32) -> UnsafeMutablePointer<coexist_runtime> {
    coexist_state_runtime(shared, UInt64(number))
  }

  @_noLocks @_noAllocation @inline(__always)
  static func link(_ signal: Int32, _ runtime: UInt32) -> UnsafeMutablePointer<UInt16> {
    coexist_signal_link(State.signal(signal), runtime)
  }

  /// What the kernel holds for a signal, as far as we have put it there.
  @_noLocks @_noAllocation @inline(__always)
  static func installed(_ number: Int32) -> coexist_installed {
    coexist_installed(
      atomic(coexist_signal_installed(signal(number))).pointee.load(ordering: .acquiring))
  }

  @_noLocks @_noAllocation @inline(__always)
  static func setInstalled(_ what: coexist_installed, _ number: Int32, runtime: UInt32 = 0) {
    atomic(coexist_signal_installed_runtime(signal(number))).pointee.store(
      runtime, ordering: .relaxed)
    atomic(coexist_signal_installed(signal(number))).pointee.store(
      what.rawValue, ordering: .releasing)
  }

  /// Grows with each change of who is who, and who asks for what.
  static var generation: UInt64 {
    @_noLocks @_noAllocation @inline(__always) get {
      withUnsafeMutablePointer(to: &shared.pointee.generation) {
        atomic($0).pointee.load(ordering: .acquiring)
      }
    }
  }

  /// Tells readers that who is who, or who asks for what, has changed.
  @_noLocks @_noAllocation @inline(__always)
  static func changed() {
    withUnsafeMutablePointer(to: &shared.pointee.generation) { count($0) }
  }
}

/// What can be chained: all but SIGKILL, SIGSTOP and libc's own two.
@_noLocks @_noAllocation @inline(__always)
func isChained(_ signal: Int32) -> Bool {
  signal > 0 && signal <= 64 && unblockableSignals & signalBit(signal) == 0
}

/// Signals that mean a fault, also when somebody sends them: the chain is asked one by one.
@_noLocks @_noAllocation @inline(__always)
func isFault(_ signal: Int32) -> Bool { faultSignals & signalBit(signal) != 0 }

@_noLocks @_noAllocation @inline(__always)
func signalBit(_ signal: Int32) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: signal - 1) }

/// SIGILL 4, SIGTRAP 5, SIGABRT 6, SIGBUS 7, SIGFPE 8, SIGSEGV 11.
let faultSignals: UInt64 = 0x4F8
/// What the processor raises: SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS 31. A real mask
/// never holds them: a fault while its signal is blocked is a forced kill (Linux kernel/signal.c
/// force_sig).
let processorSignals: UInt64 = 0x4000_04D8
/// Signals that nobody can block: SIGKILL, SIGSTOP, and libc's own 32 and 33.
let unblockableSignals: UInt64 = 0x1_8004_0100
