import CCoexist

/// Somebody may install past us, by a raw system call or from inside libc. After each dlopen the
/// kernel is asked; a foreign handler becomes its owner's request, and we are in front again.
enum FrontOfChain {
  static func check() {
    for signal in Int32(1)...64 where isFault(signal) || isShared(signal) {
      let held = Installer.held(signal)
      let expected = expectedHandler(signal)
      guard held.handler != expected, held.handler > 1 else { continue }
      let owner = Ownership.party(held.handler)
      var request = held
      request.asked_ns = coexist_clock_ns(0)
      guard Requests.put(request, signal, owner) else { continue }
      // The plan may be what it was; the kernel no longer is.
      State.setInstalled(COEXIST_INSTALLED_NATIVE, signal)
      Installer.converge(signal)
      Warnings.add("W201", level: COEXIST_LOG_INFO) {
        $0.add(SignalName.of(signal))
        $0.add(": ")
        $0.add(name: Runtimes.runtimeName(owner))
        $0.add(" installed over the chain; put back in front")
      }
    }
  }

  /// Several parties, and somebody may have gone over their heads; others are not asked about after
  /// each dlopen.
  private static func isShared(_ signal: Int32) -> Bool {
    State.installed(signal) == COEXIST_INSTALLED_DISPATCHER
  }

  private static func expectedHandler(_ signal: Int32) -> UInt64 {
    switch Installer.plan(signal) {
    case .native: return Requests.newestDefault(signal).handler
    case .exact(let runtime): return Requests.action(signal, runtime)?.handler ?? 0
    case .dispatcher: return coexist_entry_address()
    }
  }
}
