import CCoexist
import Synchronization

/// A runtime's library was closed. Handlers in it are not there any more; it gave nobody its
/// requests.
enum Departures {
  static func left(_ runtime: UInt32) {
    var isUsed = false
    for signal in Int32(1)..<Int32(COEXIST_SIGNALS_MAX) {
      guard let action = Requests.action(signal, runtime) else { continue }
      // A handler elsewhere (a trampoline in a library that stays) goes on working.
      if action.handler > 1, Ownership.exists(action.handler) {
        isUsed = true
        continue
      }
      Requests.withdraw(signal, runtime)
      if isChained(signal) { Installer.converge(signal) }
    }
    Waiters.left(runtime)
    Exchanges.left(runtime)
    Regions.forget(runtime)
    if !isUsed { Runtimes.remove(runtime) }
  }
}
