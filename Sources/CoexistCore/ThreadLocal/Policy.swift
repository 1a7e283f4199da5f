import CCoexist
import Synchronization

/// Which mechanism fits a module's code, and why (`coexist-inspect tls` shows both).
enum Policy {
  static func decide(_ module: GuestModule, map: UInt64, id: UInt64) {
    let (policy, reason) = choose(module, map: map)
    module.pointee.policy = policy.rawValue
    module.pointee.reason = reason.rawValue
    if policy == COEXIST_TLS_POLICY_COPY { copy(module, map: map, id: id) }
    noteCalls(policy)
  }

  /// Calls run on threads of their contexts, or with their FS base, from now on.
  private static func noteCalls(_ policy: coexist_tls_policy) {
    if policy == COEXIST_TLS_POLICY_PROXY {
      atomic(coexist_tls_proxied()).pointee.store(1, ordering: .releasing)
    } else if policy == COEXIST_TLS_POLICY_REGISTER {
      atomic(coexist_tls_lending()).pointee.store(1, ordering: .releasing)
    }
  }

  /// Once a module: nobody's FS base can be lent to it.
  private static func refuses(_ name: UnsafePointer<CChar>, map: UInt64) -> Bool {
    guard let why = coexist_lend_refusal(map) else { return false }
    Warnings.add("W305", level: COEXIST_LOG_WARN) { text in
      text.add(name: name)
      text.add(" cannot have a register of the context's own: ")
      text.add(name: why)
      text.add("; its thread-local state stays with the OS thread, policy \"proxy\" serves it")
    }
    return true
  }

  /// Its variables are exchanged at a switch; where there is no room they stay, and it is said.
  private static func copy(_ module: GuestModule, map: UInt64, id: UInt64) {
    guard !Copies.add(module, map: map, id: id) else { return }
    module.pointee.policy = COEXIST_TLS_POLICY_NATIVE.rawValue
    module.pointee.warned = 1
    Warnings.add("W304", level: COEXIST_LOG_WARN) { text in
      text.add(name: coexist_object_name(map)!)
      text.add(" was to be copied at each switch, but too many variables are; its thread-local ")
      text.add("state stays with the OS thread")
    }
  }

  private static func choose(
    _ module: GuestModule, map: UInt64
  ) -> (coexist_tls_policy, coexist_tls_reason) {
    let name = coexist_object_name(map)!
    let flags = module.pointee.flags
    if let asked = asked(name), serves(asked, module) {
      if asked == COEXIST_TLS_POLICY_REGISTER, refuses(name, map: map) {
        return (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_REFUSED)
      }
      return (asked, COEXIST_TLS_REASON_ASKED)
    }
    if flags & UInt32(COEXIST_TLS_PROGRAM) != 0 {
      return (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_PROGRAM)
    }
    if coexist_object_is_system(name) != 0, !keepsExceptions(name) {
      return (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_SYSTEM)
    }
    // The current context of OpenGL is the OS thread's by its specification (GLX 1.4, 2.2).
    if matches(name, "libGL*") || matches(name, "libEGL*") {
      return (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_SYSTEM)
    }
    if flags & UInt32(COEXIST_TLS_ALLOCATOR) != 0 {
      return (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_ALLOCATOR)
    }
    if flags & UInt32(COEXIST_TLS_SWITCHES) != 0 {
      return (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_HOST)
    }
    if flags & UInt32(COEXIST_TLS_STATIC) != 0 {
      return Manifest.isKnown(map)
        ? (COEXIST_TLS_POLICY_COPY, COEXIST_TLS_REASON_MANIFEST)
        : (COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_STATIC)
    }
    if flags & UInt32(COEXIST_TLS_DESCRIPTOR) != 0 {
      return (COEXIST_TLS_POLICY_ENTERED, COEXIST_TLS_REASON_DESCRIPTOR)
    }
    if let runtime = runtime(module) { return (runtime, COEXIST_TLS_REASON_RUNTIME) }
    return (COEXIST_TLS_POLICY_CONTEXT, COEXIST_TLS_REASON_DEFAULT)
  }

  /// The C++ libraries keep each thread's caught exceptions there: a fiber has its own.
  static func keepsExceptions(_ name: UnsafePointer<CChar>) -> Bool {
    matches(name, "libstdc++.so*") || matches(name, "libc++*")
  }

  /// Known runtimes tie a thread's state to the OS thread (its stack bounds, its kernel id) or were
  /// entered there before the fiber began. The catalogue names those that carry it over: they are
  /// given their own block when the host enters a context by hand; and libraries with a crash
  /// report, which are no runtimes with threads.
  private static func runtime(_ module: GuestModule) -> coexist_tls_policy? {
    let owner = Ownership.owner(of: module.pointee.low)
    guard owner >= Runtimes.first, let entry = Catalogue.entry(of: owner) else { return nil }
    let policy = coexist_tls_policy(rawValue: entry.pointee.tls)
    if policy == COEXIST_TLS_POLICY_CONTEXT { return nil }
    return policy == COEXIST_TLS_POLICY_AUTO ? COEXIST_TLS_POLICY_NATIVE : policy
  }

  private static func matches(_ name: UnsafePointer<CChar>, _ pattern: StaticString) -> Bool {
    let text = UnsafeRawPointer(pattern.utf8Start).assumingMemoryBound(to: CChar.self)
    return coexist_text_matches(name, text) != 0
  }

  // MARK: What was asked for

  private static func asked(_ name: UnsafePointer<CChar>) -> coexist_tls_policy? {
    for index in 0..<UInt32(COEXIST_TLS_WISHES_MAX) {
      let wish = coexist_tls_wish(index)!
      guard wish.pointee.policy != 0 else { break }
      if coexist_text_matches(name, coexist_tls_wish_library(wish)!) != 0 {
        return coexist_tls_policy(rawValue: wish.pointee.policy)
      }
    }
    return configured(name)
  }

  /// `[[tls]]` of the configuration.
  private static func configured(_ name: UnsafePointer<CChar>) -> coexist_tls_policy? {
    for index in 0..<coexist_the_config().pointee.tls_rules_count {
      let rule = coexist_tls_rule_at(index)!
      for pattern in 0..<rule.pointee.libraries_count
      where coexist_text_matches(name, coexist_tls_rule_library(index, pattern)) != 0 {
        return coexist_tls_policy(rawValue: rule.pointee.policy)
      }
    }
    return nil
  }

  /// Code with fixed offsets cannot be given another block; then the question counts as not asked.
  private static func serves(_ policy: coexist_tls_policy, _ module: GuestModule) -> Bool {
    let fixed = UInt32(COEXIST_TLS_STATIC) | UInt32(COEXIST_TLS_DESCRIPTOR)
    let isEntered = policy == COEXIST_TLS_POLICY_ENTERED
    return module.pointee.flags & (isEntered ? UInt32(COEXIST_TLS_STATIC) : fixed) == 0
      || policy == COEXIST_TLS_POLICY_NATIVE
      || policy == COEXIST_TLS_POLICY_COPY || policy == COEXIST_TLS_POLICY_PROXY
      || policy == COEXIST_TLS_POLICY_REGISTER
  }

  /// `coexist_module_policy`: 0, or a positive errno value. Holds for contexts made after it.
  static func ask(_ library: UnsafePointer<CChar>, _ policy: UInt32) -> Int32 {
    let invalid: Int32 = 22, full: Int32 = 28
    guard policy >= COEXIST_TLS_POLICY_NATIVE.rawValue,
      policy <= COEXIST_TLS_POLICY_REGISTER.rawValue
    else { return invalid }
    for index in 0..<UInt32(COEXIST_TLS_WISHES_MAX) {
      let wish = coexist_tls_wish(index)!
      let isFree = wish.pointee.policy == 0
      guard isFree || coexist_text_equal(coexist_tls_wish_library(wish)!, library) != 0 else {
        continue
      }
      if isFree {
        withUnsafeMutableBytes(of: &wish.pointee.library) { bytes in
          let base = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
          var text = Text(base, size: bytes.count)
          text.add(name: library)
        }
      }
      wish.pointee.policy = policy
      return apply(library, coexist_tls_policy(rawValue: policy))
    }
    return full
  }

  private static func apply(_ library: UnsafePointer<CChar>, _ policy: coexist_tls_policy) -> Int32
  {
    let cannot: Int32 = 95  // EOPNOTSUPP
    for id in 1..<max(GuestModules.count, 1) {
      guard let module = GuestModules.known(id),
        coexist_text_matches(coexist_object_name(module.pointee.map), library) != 0
      else { continue }
      if !serves(policy, module) {
        warn(module)
        return cannot
      }
      if policy == COEXIST_TLS_POLICY_REGISTER,
        refuses(coexist_object_name(module.pointee.map), map: module.pointee.map)
      {
        return cannot
      }
      module.pointee.policy = policy.rawValue
      module.pointee.reason = COEXIST_TLS_REASON_ASKED.rawValue
      if policy == COEXIST_TLS_POLICY_COPY { copy(module, map: module.pointee.map, id: id) }
      noteCalls(policy)
      GuestModules.changed()
    }
    return 0
  }

  /// Fibers are in use: whose state will stay with the OS thread although it may be the task's?
  static func warnOfStatic() {
    for id in 1..<max(GuestModules.count, 1) {
      guard let module = GuestModules.known(id) else { continue }
      if staysSilently(module) { warn(module) }
    }
  }

  /// Its state may be the task's, and no mechanism can move it.
  static func staysSilently(_ module: GuestModule) -> Bool {
    module.pointee.reason == COEXIST_TLS_REASON_STATIC.rawValue
      || module.pointee.reason == COEXIST_TLS_REASON_DESCRIPTOR.rawValue
  }

  /// Once a module: its state stays with the OS thread although contexts are in use.
  static func warn(_ module: GuestModule) {
    guard module.pointee.warned == 0 else { return }
    module.pointee.warned = 1
    let isStatic = module.pointee.flags & UInt32(COEXIST_TLS_STATIC) != 0
    guard isStatic else { return warnOfDescriptors(module) }
    Warnings.add("W301", level: COEXIST_LOG_WARN) { text in
      text.add(name: coexist_object_name(module.pointee.map)!)
      text.add(" keeps thread-local state in initial-exec code, which stays with the OS thread; ")
      text.add("policy \"copy\" exchanges it at each switch that libc shows")
    }
  }

  /// Compilers keep a variable's distance from the thread pointer over calls: when the code goes on
  /// on another thread, it belongs to another block. Between enter and leave no thread changes.
  private static func warnOfDescriptors(_ module: GuestModule) {
    Warnings.add("W303", level: COEXIST_LOG_WARN) { text in
      text.add(name: coexist_object_name(module.pointee.map)!)
      text.add(" reads its thread-local state by TLS descriptors, so on fibers it stays with the ")
      text.add("OS thread; build it with -mtls-dialect=gnu, and it follows the context")
    }
  }

  /// Do all of its descriptors give the block of the context that is entered? Asked when a context
  /// has got a block, which holds the module.
  static func descriptorsFollow(_ module: GuestModule, _ id: UInt64) -> Bool {
    let follows = UInt32(COEXIST_TLS_FOLLOWS)
    guard module.pointee.flags & UInt32(COEXIST_TLS_DESCRIPTOR) != 0,
      module.pointee.flags & follows == 0
    else { return true }
    guard
      coexist_descriptors_follow(
        module.pointee.map, id, module.pointee.size, module.pointee.generation) != 0
    else {
      module.pointee.policy = COEXIST_TLS_POLICY_NATIVE.rawValue
      GuestModules.changed()
      warn(module)
      return false
    }
    module.pointee.flags |= follows
    return true
  }
}
