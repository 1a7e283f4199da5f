import CCoexist
import Synchronization

typealias Donor = UnsafeMutablePointer<coexist_donor>

/// Policy "register": `coexist_call` runs with the FS base of a parked thread (`ccoexist/donor.h`).
/// Where the base changes, `coexist_tls_me()` must not be asked: the compiler may remember its
/// answer from before.
enum Donors {
  private static let busy: Int32 = 16

  /// A donor that is free for this context, in the list of all; nil = no memory.
  static func make(for context: ContextPointer) -> Donor? {
    coexist_bias_end(context)
    var each = head.pointee.load(ordering: .acquiring)
    while let donor = Donor(bitPattern: UInt(each)) {
      let place = withUnsafeMutablePointer(to: &donor.pointee.context) {
        UnsafeMutableRawPointer($0).assumingMemoryBound(to: Atomic<UInt64>.self)
      }
      if place.pointee.compareExchange(
        expected: 0, desired: UInt64(UInt(bitPattern: context)), ordering: .acquiring
      ).exchanged {
        return donor
      }
      each = UInt64(UInt(bitPattern: donor.pointee.next))
    }
    guard let memory = Pool.take(UInt64(MemoryLayout<coexist_donor>.size)) else { return nil }
    let donor = memory.assumingMemoryBound(to: coexist_donor.self)
    donor.pointee.context = context
    var top = head.pointee.load(ordering: .acquiring)
    while true {
      donor.pointee.next = Donor(bitPattern: UInt(top))
      let result = head.pointee.compareExchange(
        expected: top, desired: UInt64(UInt(bitPattern: donor)), ordering: .acquiringAndReleasing)
      if result.exchanged { return donor }
      top = result.original
    }
  }

  /// On the donor's own thread, before it is lent for the first time.
  static func begins(_ donor: Donor) {
    let me = coexist_tls_me()!
    donor.pointee.base = coexist_base_now()
    donor.pointee.own_self = me
    donor.pointee.own_record = coexist_thread_self()
    donor.pointee.record = coexist_record_at(donor.pointee.base)
    donor.pointee.tid = coexist_gettid()
    me.pointee.donor = donor
  }

  /// On the donor's own thread: what the guests left on it ends here, as at a thread's end.
  static func ends(_ donor: Donor) {
    let me = coexist_tls_me()!
    me.pointee.donor = nil
    donor.pointee.record.pointee = donor.pointee.own_record
  }

  // MARK: The call

  /// The calling thread is about to load the donor's base. 0, or EBUSY.
  static func enter(_ donor: Donor) -> Int32 {
    let context = donor.pointee.context!
    let owner = owner(context)
    let itself = UInt64(UInt(bitPattern: coexist_donor_itself(donor)))
    while true {
      let result = owner.pointee.compareExchange(
        expected: 0, desired: UInt64(UInt(bitPattern: donor.pointee.own_self)),
        ordering: .acquiring)
      if result.exchanged { break }
      // A signal is being handled under its name: as on any thread, that comes first. But what its
      // handler calls would wait for itself.
      guard result.original == itself, coexist_base_now() != donor.pointee.base else { return busy }
      coexist_yield()
    }
    if Entered.isInside(context) {
      owner.pointee.store(0, ordering: .releasing)
      return busy
    }
    let base = coexist_base_now()
    let me = coexist_self_at(base)!
    donor.pointee.outer_base = base
    lend(donor, to: me, at: base, outer: me.pointee.donor)
    donor.pointee.state = COEXIST_DONOR_LENT.rawValue
    context.pointee.on_stack = 1
    return 0
  }

  /// The call is over, and the base is the outer one again.
  static func leave(_ donor: Donor) {
    let context = donor.pointee.context!
    let me = donor.pointee.host_self!
    me.pointee.donor = donor.pointee.outer
    context.pointee.on_stack = 0
    donor.pointee.state = COEXIST_DONOR_IDLE.rawValue
    takenBack(donor)
    owner(context).pointee.store(0, ordering: .releasing)
  }

  private static func lend(
    _ donor: Donor, to me: ThreadLocalSelf, at base: UInt64, outer: Donor?
  ) {
    var host = base
    var remembers = me
    if let loaded = me.pointee.donor, loaded.pointee.base == base {
      host = loaded.pointee.host
      remembers = loaded.pointee.host_self
    }
    donor.pointee.outer = outer
    donor.pointee.host_self = remembers
    let record = coexist_thread_self()
    donor.pointee.record.pointee = record
    donor.pointee.host_tid = record?.pointee.tid ?? coexist_gettid()
    remembers.pointee.donor = donor
    atomic(&donor.pointee.host).pointee.store(host, ordering: .releasing)
    // Last: from here on a signal to the donor is sent to this thread, and finds all of the above.
    atomic(&donor.pointee.leaving).pointee.store(0, ordering: .releasing)
  }

  private static func takenBack(_ donor: Donor) {
    atomic(&donor.pointee.host).pointee.store(0, ordering: .releasing)
  }

  // MARK: Stacks

  /// The thread goes on at a stack that may want another base than the one that is loaded: each
  /// stack has that of the donor it was made on. Returns what is remembered under the thread's own
  /// base, which is loaded now; `resume` comes after it.
  static func suspend(for new: ContextPointer?) -> ThreadLocalSelf {
    let base = coexist_base_now()
    let me = coexist_self_at(base)!
    guard let loaded = coexist_donor_loaded(), new?.pointee.donor != loaded else { return me }
    let own = loaded.pointee.host
    let host = loaded.pointee.host_self!
    var each: Donor? = loaded
    while let donor = each {
      coexist_donor_settles(donor)
      donor.pointee.state = COEXIST_DONOR_WAITS.rawValue
      takenBack(donor)
      each = donor.pointee.outer
    }
    host.pointee.donor = nil
    coexist_base_set(own)
    return host
  }

  /// The stack's call waits, and this thread goes on with it.
  static func resume(_ new: ContextPointer?, _ me: ThreadLocalSelf) {
    let base = coexist_base_now()
    guard let inner = new?.pointee.donor, inner.pointee.base != base, take(inner) else { return }
    var donor = inner
    while let outer = donor.pointee.outer, take(outer) {
      lend(donor, to: me, at: base, outer: outer)
      donor = outer
    }
    lend(donor, to: me, at: base, outer: nil)
    donor.pointee.outer_base = base
    me.pointee.donor = inner
    coexist_base_set(inner.pointee.base)
  }

  private static func take(_ donor: Donor) -> Bool {
    let state = withUnsafeMutablePointer(to: &donor.pointee.state) { atomic($0) }
    while true {
      let result = state.pointee.compareExchange(
        expected: COEXIST_DONOR_WAITS.rawValue, desired: COEXIST_DONOR_LENT.rawValue,
        ordering: .acquiringAndReleasing)
      if result.exchanged { return true }
      if result.original != COEXIST_DONOR_ITSELF.rawValue { return false }
      coexist_yield()
    }
  }

  /// The thread jumps up its stacks to `sp`: calls that it leaves are over, but for the context,
  /// which is to be left by hand.
  @_noLocks @_noAllocation
  static func jump(to sp: UInt64) {
    let base = coexist_base_now()
    guard let first = coexist_self_at(base)!.pointee.donor, first.pointee.host != 0 else { return }
    let own = first.pointee.base == base ? first.pointee.host : base
    let wanted = StackMap.find(sp)?.pointee.donor
    // Inside a handler, which goes on: only a call that it made itself can be left.
    let isInHandler = (coexist_thread_self()?.pointee.depth ?? 0) > 0
    if isInHandler {
      let isOwnCall =
        first.pointee.base == base
        && StackMap.find(coexist_current_sp())?.pointee.donor == first
      if isOwnCall, wanted != first {
        let outer = first.pointee.outer_base
        drop(first)
        coexist_base_set(outer)
      }
      return
    }
    var each: Donor? = first
    while let donor = each, donor != wanted {
      each = donor.pointee.outer
      drop(donor)
    }
    coexist_base_set(each?.pointee.base ?? own)
  }

  @_noLocks @_noAllocation
  private static func drop(_ donor: Donor) {
    donor.pointee.host_self.pointee.donor = donor.pointee.outer
    donor.pointee.context.pointee.on_stack = 0
    donor.pointee.state = COEXIST_DONOR_LEFT.rawValue
    atomic(&donor.pointee.host).pointee.store(0, ordering: .releasing)
  }

  /// By hand, after such a jump.
  static func left(_ context: ContextPointer) -> Bool {
    guard let donor = context.pointee.donor, donor.pointee.context == context,
      donor.pointee.state == COEXIST_DONOR_LEFT.rawValue
    else { return false }
    donor.pointee.state = COEXIST_DONOR_IDLE.rawValue
    owner(context).pointee.store(0, ordering: .releasing)
    return true
  }

  /// The thread ends inside: its own base again, and nothing is lent to it.
  static func leaveAll() {
    guard let loaded = coexist_donor_loaded() else { return }
    let own = loaded.pointee.host
    var each: Donor? = loaded
    while let donor = each {
      each = donor.pointee.outer
      drop(donor)
      _ = left(donor.pointee.context)
    }
    coexist_base_set(own)
  }

  // MARK: Signals

  /// A signal came: the donor that it was sent to, where that is lent to this thread.
  @_noLocks @_noAllocation
  static func target(_ signal: Int32) -> Donor? {
    let bit: UInt64 = 1 &<< UInt64(signal &- 1)
    var each = coexist_self_at(coexist_base_now())!.pointee.donor
    while let donor = each {
      let pending = atomic(&donor.pointee.pending)
      if pending.pointee.load(ordering: .relaxed) & bit != 0 {
        _ = pending.pointee.bitwiseAnd(~bit, ordering: .acquiringAndReleasing)
        return donor
      }
      each = donor.pointee.outer
    }
    return nil
  }

  /// The base for what comes next: a handler of a guest that was called with the donor's base, or
  /// that the signal was sent to under the donor's name, has it; others have the thread's own.
  @_noLocks @_noAllocation
  static func base(
    for jump: UnsafeMutablePointer<coexist_jump>, loaded: Donor?, target: Donor?
  ) -> UInt64 {
    if UInt(bitPattern: jump) & 1 != 0 { return loaded?.pointee.base ?? 0 }
    if let target { return target.pointee.base }
    guard let loaded, let module = GuestModules.holding(jump.pointee.target),
      module.pointee.policy == COEXIST_TLS_POLICY_REGISTER.rawValue
    else { return 0 }
    return loaded.pointee.base
  }

  // MARK: The list

  /// The donor with this FS base, which is its thread's pthread_t.
  static func named(_ id: UInt64) -> Donor? {
    var found: Donor?
    forEach { if $0.pointee.id != 0, $0.pointee.base == id { found = $0 } }
    return found
  }

  static func forEach(_ body: (Donor) -> Void) {
    var each = head.pointee.load(ordering: .acquiring)
    while let donor = Donor(bitPattern: UInt(each)) {
      body(donor)
      each = UInt64(UInt(bitPattern: donor.pointee.next))
    }
  }

  private static var head: UnsafeMutablePointer<Atomic<UInt64>> {
    UnsafeMutableRawPointer(coexist_donors_head()!).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  private static func owner(_ context: ContextPointer) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &context.pointee.owner) {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
  }
}
