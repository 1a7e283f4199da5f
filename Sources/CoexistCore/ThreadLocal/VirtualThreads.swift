import CCoexist
import Synchronization

/// Identity by virtual thread: the JVM says when one is mounted on an OS thread (preload/jvm.c).
enum VirtualThreads {
  /// Would they share a library's state? Native frames keep a virtual thread where it is, so what
  /// C++ libraries remember of exceptions that are being handled needs no context.
  static func matter(_ machine: UInt64) -> Bool {
    GuestModules.scan()
    if Copies.isUsed { return true }
    for id in 1..<max(GuestModules.count, 1) {
      guard let module = GuestModules.known(id), module.pointee.map != machine else { continue }
      let policy = module.pointee.policy
      let follows =
        policy == COEXIST_TLS_POLICY_CONTEXT.rawValue
        || policy == COEXIST_TLS_POLICY_ENTERED.rawValue
      if follows, !Policy.keepsExceptions(coexist_object_name(module.pointee.map)) { return true }
    }
    return false
  }

  /// Returns its context: the known one, or one that is made now; nil = no memory.
  static func mounted(_ known: ContextPointer?) -> ContextPointer? {
    guard let context = known ?? Entered.create(for: COEXIST_HOST_VIRTUAL) else { return nil }
    if Entered.enter(context) == 0 {
      coexist_tls_me().pointee.task = context
      ContextLines.resumed(context)
    }
    return context
  }

  static func unmounted() {
    let me = coexist_tls_me()!
    guard let context = me.pointee.task else { return }
    me.pointee.task = nil
    ContextLines.suspended(context)
    _ = Entered.leave(context)
  }

  static func ended(_ context: ContextPointer) {
    let me = coexist_tls_me()!
    if me.pointee.task == context { unmounted() }
    _ = Entered.destroy(context)
  }
}
