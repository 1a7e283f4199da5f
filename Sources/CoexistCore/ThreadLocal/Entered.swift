import CCoexist
import Synchronization

/// Contexts that a host enters by hand: their blocks stand in the thread's DTV (dynamic thread
/// vector) until it leaves. Layout: glibc sysdeps/x86_64/nptl/tls.h, elf/dl-tls.c.
enum Entered {
  private static let busy: Int32 = 16, notMine: Int32 = 1, noMemory: Int32 = 12

  /// `maker`: the runtime that asked for it; 0 = the host tells which.
  /// `isBiased`: one thread is likely to enter it again and again.
  static func create(
    for host: coexist_context_host, maker: UInt32 = 0, isBiased: Bool = false
  ) -> ContextPointer? {
    Contexts.activate()
    guard let context = Contexts.make(COEXIST_CONTEXT_EXPLICIT) else { return nil }
    if !isBiased || coexist_bias_begin() == 0 { coexist_bias_end(context) }
    ContextLines.made(context, host, maker: maker)
    guard prepare(context) else {
      Contexts.end(context)
      Contexts.free(context)
      return nil
    }
    return context
  }

  static func enter(_ context: ContextPointer) -> Int32 {
    let me = coexist_tls_me()!
    guard own(context, me) else { return busy }
    if context.pointee.modules_seen != GuestModules.version, !prepare(context) {
      disown(context)
      return noMemory
    }
    context.pointee.again = isPlain(context) ? context.pointee.modules_seen : 0
    install(context, me)
    return 0
  }

  /// May the header enter it (`coexist_plan_1`)? From an alignment of 16 on, what libc frees of a
  /// block may lie below its address (elf/dl-tls.c, allocate_dtv_entry).
  private static func isPlain(_ context: ContextPointer) -> Bool {
    guard !Copies.isUsed, context.pointee.swaps_count == 1 else { return false }
    return GuestModules.known(module(context.pointee.one)).map { $0.pointee.align <= 16 } ?? false
  }

  /// The variables of what is entered now are the context's; nil = those of this stack.
  static func load(_ context: ContextPointer?) {
    let me = coexist_tls_me()!
    Copies.load(context ?? Identity.ofStack(me), me)
  }

  static func leave(_ context: ContextPointer) -> Int32 {
    let me = coexist_tls_me()!
    guard me.pointee.entered == context else { return Donors.left(context) ? 0 : notMine }
    remove(context, me)
    disown(context)
    return 0
  }

  // MARK: Who is inside (`ccoexist/enter.h`)

  /// false = somebody is.
  @inline(__always)
  private static func own(_ context: ContextPointer, _ me: ThreadLocalSelf) -> Bool {
    if coexist_bias_of(context) == coexist_base_now() || coexist_bias_take(context) != 0 {
      // On the way in a handler may have come between (coexist_enter_1).
      if isInside(context) || isEntered(context, me) { return false }
      if coexist_inside_take(context) != 0 { return true }
    }
    return ownShared(context, me)
  }

  private static func ownShared(_ context: ContextPointer, _ me: ThreadLocalSelf) -> Bool {
    coexist_bias_end(context)
    guard
      owner(context).pointee.compareExchange(
        expected: 0, desired: UInt64(UInt(bitPattern: me)), ordering: .acquiring
      ).exchanged
    else { return false }
    guard isInside(context) else { return true }
    owner(context).pointee.store(0, ordering: .releasing)
    return false
  }

  private static func isEntered(_ context: ContextPointer, _ me: ThreadLocalSelf) -> Bool {
    var each = me.pointee.entered
    while let entered = each {
      if entered == context { return true }
      each = entered.pointee.outer
    }
    return false
  }

  /// The thread that had the bias is inside, or was about to be.
  @inline(__always)
  static func isInside(_ context: ContextPointer) -> Bool {
    inside(context).pointee.load(ordering: .acquiring) != 0
  }

  @inline(__always)
  private static func disown(_ context: ContextPointer) {
    if owner(context).pointee.load(ordering: .relaxed) != 0 {
      owner(context).pointee.store(0, ordering: .releasing)
    } else {
      inside(context).pointee.store(0, ordering: .releasing)
    }
  }

  /// It waited inside on a stack that another thread had, and is this thread's now.
  static func take(_ context: ContextPointer, _ me: ThreadLocalSelf) {
    coexist_bias_end(context)
    owner(context).pointee.store(UInt64(UInt(bitPattern: me)), ordering: .releasing)
    inside(context).pointee.store(0, ordering: .releasing)
  }

  // MARK: Blocks in the thread's vector

  /// Puts the blocks in place; the context is this thread's already.
  @inline(__always)
  static func install(_ context: ContextPointer, _ me: ThreadLocalSelf) {
    let count = UInt64(context.pointee.swaps_count)
    coexist_swaps_install(current(context), context.pointee.swaps, count)
    context.pointee.outer = me.pointee.entered
    if me.pointee.entered != nil { context.pointee.again = 0 }  // the header knows one alone
    me.pointee.entered = context
    Identity.entered(me)
    if Copies.isUsed { Copies.load(context, me) }
  }

  @inline(__always)
  static func remove(_ context: ContextPointer, _ me: ThreadLocalSelf) {
    let count = UInt64(context.pointee.swaps_count)
    coexist_swaps_remove(coexist_tls_dtv(), context.pointee.swaps, count)
    me.pointee.entered = context.pointee.outer
    context.pointee.outer = nil
    Identity.left(me)
    if Copies.isUsed {
      Copies.load(me.pointee.entered ?? Identity.ofStack(me), me)
    }
  }

  /// The thread's vector, after the loader has brought it up to date for the context's modules:
  /// else its next visit would take what we store for an older one's and drop it.
  @inline(__always)
  private static func current(
    _ context: ContextPointer
  ) -> UnsafeMutablePointer<coexist_dtv_entry> {
    let dtv = coexist_tls_dtv()!
    if dtv[-1].value >= UInt64(context.pointee.swaps_last),
      dtv[0].value >= context.pointee.swaps_generation
    {
      return dtv
    }
    return refreshed(context)
  }

  @inline(never)
  private static func refreshed(
    _ context: ContextPointer
  ) -> UnsafeMutablePointer<coexist_dtv_entry> {
    for index in 0..<Int(context.pointee.swaps_count) {
      _ = coexist_tls_native(module(context.pointee.swaps![index]))
    }
    return coexist_tls_dtv()
  }

  private static let entrySize = UInt64(MemoryLayout<coexist_dtv_entry>.stride)
  private static let swapSize = UInt64(MemoryLayout<coexist_swap>.stride)
  private static func module(_ swap: coexist_swap) -> UInt64 { swap.place / entrySize }

  /// A block for each module whose state follows contexts.
  private static func prepare(_ context: ContextPointer) -> Bool {
    let version = GuestModules.version
    var wanted: UInt64 = 0
    for id in 1..<max(GuestModules.count, 1) {
      if let module = GuestModules.known(id), follows(module) { wanted &+= 1 }
    }
    let places = wanted > 1 ? wanted : 0
    guard let swaps = room(places, in: context) else { return false }
    var used = 0
    var generation: UInt64 = 0
    for id in 1..<max(GuestModules.count, 1) where used < max(wanted, 1) {
      guard let module = GuestModules.known(id), follows(module) else { continue }
      let block = Blocks.own(id, module, in: context)
      guard block > UInt64(COEXIST_TLS_BLOCK_NATIVE) else { continue }
      // Only now: without a block of ours another thread may be unloading it.
      if module.pointee.generation == 0 {
        _ = coexist_tls_native(id)
        module.pointee.generation = coexist_tls_dtv()[0].value
      }
      guard Policy.descriptorsFollow(module, id) else { continue }
      generation = max(generation, module.pointee.generation)
      swaps[used].place = id &* entrySize
      swaps[used].own = block
      used &+= 1
    }
    dropSwaps(context)
    context.pointee.swaps = swaps
    context.pointee.swaps_room = UInt16(places)
    context.pointee.swaps_count = UInt32(used)
    context.pointee.swaps_last = used == 0 ? 0 : UInt16(module(swaps[used - 1]))
    context.pointee.swaps_generation = generation
    context.pointee.modules_seen = version
    return true
  }

  /// One module is the rule, and lies in the record.
  private static func room(
    _ places: UInt64, in context: ContextPointer
  ) -> UnsafeMutablePointer<coexist_swap>? {
    guard places > 0 else { return coexist_context_one(context) }
    return Pool.take(places &* swapSize)?.assumingMemoryBound(to: coexist_swap.self)
  }

  private static func follows(_ module: GuestModule) -> Bool {
    module.pointee.policy == COEXIST_TLS_POLICY_CONTEXT.rawValue
      || module.pointee.policy == COEXIST_TLS_POLICY_ENTERED.rawValue
  }

  private static func dropSwaps(_ context: ContextPointer) {
    guard let swaps = context.pointee.swaps else { return }
    let places = UInt64(context.pointee.swaps_room)
    if places > 0 { Pool.give(swaps, places &* swapSize) }
    context.pointee.swaps = nil
    context.pointee.swaps_count = 0
  }

  static func destroy(_ context: ContextPointer) -> Int32 {
    let error = enter(context)
    guard error == 0 else { return error }
    let me = coexist_tls_me()!
    Destructors.run(context)
    Keys.finish(context)
    Destructors.run(context)
    remove(context, me)
    dropSwaps(context)
    Blocks.free(context)
    Copies.free(context)
    if context.pointee.low != 0 {
      let low = context.pointee.low &- page
      StackMap.remove(context)
      _ = coexist_syscall4(11, Int(low), Int(context.pointee.high &- low), 0, 0)  // munmap
    }
    disown(context)
    Contexts.free(context)
    return 0
  }

  private static let page: UInt64 = 4096

  /// Top of the context's own stack, a closed page below it.
  static func stack(_ context: ContextPointer, _ size: UInt64) -> UInt64 {
    if context.pointee.low == 0 {
      let whole = (max(size, 4 &* page) &+ page &- 1) & ~(page &- 1) &+ page
      guard let memory = coexist_tls_map(whole) else { return 0 }
      _ = coexist_syscall4(10, Int(bitPattern: memory), Int(page), 0, 0)  // mprotect
      let low = UInt64(UInt(bitPattern: memory))
      // Who is switched away from inside the call is found again by its stack.
      context.pointee.low = low &+ page
      context.pointee.high = low &+ whole
      StackMap.insert(context)
      ContextLines.setStack(context, low &+ page, whole &- page)
    }
    return context.pointee.high
  }

  /// The stack that coexist_call runs on here, without its closed page.
  static func stackBounds() -> (UInt64, UInt64)? {
    var each = coexist_tls_me()!.pointee.entered
    while let context = each {
      if context.pointee.on_stack != 0 { return (context.pointee.low, context.pointee.high) }
      each = context.pointee.outer
    }
    return nil
  }

  /// A thread that ends, or a fiber, inside a context leaves it.
  static func leaveAll() {
    let me = coexist_tls_me()!
    while let context = me.pointee.entered { _ = leave(context) }
  }

  private static func inside(_ context: ContextPointer) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &context.pointee.inside) {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
  }

  private static func owner(_ context: ContextPointer) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &context.pointee.owner) {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
  }
}
