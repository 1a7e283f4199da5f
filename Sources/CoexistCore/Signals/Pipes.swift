import CCoexist

/// SIGPIPE tells a writer that nobody reads any more. Lean 4 ignores it for the whole process,
/// where a program in a pipeline counts on ending by it. The thread that writes gets the signal, so
/// the code that called write(2) tells whose it is.
enum Pipes {
  private static let signal: Int32 = 13

  /// A guest ignores it, the host does not, and there is another runtime that does not either.
  /// Nobody has a handler.
  @_noLocks @_noAllocation
  static func isDivided(_ number: Int32) -> Bool {
    guard number == signal, Requests.claimants(signal) == 0 else { return false }
    let host = Start.host
    guard Requests.readBack(signal, host).handler == 0 else { return false }
    var ignoring = false
    var others = false
    for runtime in Runtimes.first..<max(Runtimes.count, Runtimes.first) {
      guard State.runtime(runtime).pointee.present == 1 else { continue }
      if Requests.readBack(signal, runtime).handler == 1 {
        ignoring = true
      } else {
        others = true
      }
    }
    return ignoring && others
  }

  /// Does the default action follow? Sent from outside, the host's request holds; and where the
  /// tables do not tell who writes, it is ignored, as without us.
  @_noLocks @_noAllocation
  static func kills(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ ucontext: UnsafeMutableRawPointer
  ) -> Bool {
    guard isDivided(dispatch.pointee.signal) else { return false }
    guard isOwn(dispatch) else { return true }
    guard let writer = writer(ucontext) else { return false }
    return Requests.readBack(signal, writer).handler == 0
  }

  /// Of a SIGPIPE that the kernel sends: as if the writer had sent it to itself. Who ignores it is
  /// not to meet another's handler.
  @_noLocks @_noAllocation
  static func origin(
    _ number: Int32, _ sent: Recipients.Origin, _ ucontext: UnsafeMutableRawPointer
  ) -> Recipients.Origin {
    guard number == signal else { return sent }
    switch sent {
    case .raw, .again: return writer(ucontext).map { .tagged(bit($0)) } ?? sent
    default: return sent
    }
  }

  /// The kernel names the writing process as the sender (fs/pipe.c, send_sig).
  @_noLocks @_noAllocation
  private static func isOwn(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) -> Bool {
    withUnsafeMutablePointer(to: &dispatch.pointee.info) {
      UInt64(UInt32(bitPattern: coexist_info_sender($0))) == State.shared.pointee.pid
    }
  }

  @_noLocks @_noAllocation
  private static func writer(_ ucontext: UnsafeMutableRawPointer) -> UInt32? {
    let frame = coexist_frame(
      pc: coexist_uc_pc(ucontext), sp: coexist_uc_sp(ucontext), bp: coexist_uc_bp(ucontext),
      returned: 0)
    return Behalf.owner(from: frame, signal)
  }

  /// Who is there may have changed with the libraries that have come.
  static func check() {
    guard Requests.newestDefault(signal).handler == 1, isDivided(signal) else { return }
    Installer.converge(signal)
  }
}
