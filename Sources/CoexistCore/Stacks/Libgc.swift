import CCoexist
import Synchronization

/// Copies of Boehm's collector (libgc, and in it Guile, ECL, Bigloo, …): where it looks for roots,
/// it looks where the others keep them, too. Only by its public functions.
enum Libgc {
  typealias Copy = UnsafeMutablePointer<coexist_libgc>

  // gc.h, GC_EventType
  private static let preStopWorld: Int32 = 6, postStopWorld: Int32 = 7, preStartWorld: Int32 = 8
  private static let suspended: Int32 = 10, unsuspended: Int32 = 11

  static func copy(_ index: UInt32) -> Copy { coexist_libgc_at(index)! }

  /// What coexist-inspect shows of it.
  static func line(_ index: UInt32) -> UnsafeMutablePointer<coexist_collector_line> {
    coexist_state_collector(State.shared, UInt64(index))!
  }

  private static let isBeingHooked: UInt32 = 1, isHooked: UInt32 = 2
  private static func ready(_ gc: Copy) -> UnsafeMutablePointer<Atomic<UInt32>> {
    withUnsafeMutablePointer(to: &gc.pointee.ready) { atomic($0) }
  }
  /// May its functions be called? It is seen before they are found.
  private static func isReady(_ gc: Copy) -> Bool {
    ready(gc).pointee.load(ordering: .acquiring) == isHooked
  }

  /// The copy whose code holds the address; nil = none.
  static func holding(_ address: UInt64) -> UInt32? {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) {
      let gc = copy(index)
      if gc.pointee.map != 0, address >= gc.pointee.low, address < gc.pointee.high { return index }
    }
    return nil
  }

  /// The copy that has stopped the threads that it does not know; one at a time does.
  static var holder: UInt32 {
    for index in 0..<UInt32(COEXIST_COLLECTORS) where copy(index).pointee.holds != 0 {
      return index
    }
    return 0
  }

  /// Objects have come or gone.
  static func look() {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) {
      let gc = copy(index)
      if gc.pointee.map > 1, coexist_object_at(gc.pointee.low).map != gc.pointee.map {
        gc.pointee = coexist_libgc()
        line(index).pointee.present = 0
      }
    }
    coexist_objects_each { map, _ in
      if coexist_object_symbol(map, Libgc.mark) != 0 { Libgc.found(map) }
    }
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) {
      let gc = copy(index)
      // Outside the loader's lock: these calls may take the collector's.
      guard gc.pointee.map > 1,
        ready(gc).pointee.compareExchange(
          expected: 0, desired: isBeingHooked, ordering: .acquiringAndReleasing
        ).exchanged
      else { continue }
      if coexist_libgc_hook(index) == 0 {
        gc.pointee.map = 1
      } else {
        // Threads begin while we look: from here on they may call its functions.
        ready(gc).pointee.store(isHooked, ordering: .releasing)
        let line = Libgc.line(index)
        line.pointee.runtime = gc.pointee.runtime
        line.pointee.present = 1
      }
    }
  }

  /// The state of the child begins empty.
  static func forked() {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) where copy(index).pointee.map > 1 {
      line(index).pointee.runtime = copy(index).pointee.runtime
      line(index).pointee.present = 1
    }
  }

  private static var mark: UnsafePointer<CChar> {
    let name: StaticString = "GC_set_push_other_roots"
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  private static func found(_ map: UInt64) {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) where copy(index).pointee.map == map { return }
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) where copy(index).pointee.map <= 1 {
      let object = coexist_object_of(map)
      copy(index).pointee.runtime = Modules.runtime(of: object)
      copy(index).pointee.low = object.low
      copy(index).pointee.high = object.high
      ready(copy(index)).pointee.store(0, ordering: .relaxed)
      copy(index).pointee.map = map
      return
    }
  }

  /// A thread is about to be made by somebody else than the collector: from now on allocation may
  /// come from threads that it does not know, so it must lock. Only the main thread may tell it so,
  /// since that is the one that may be inside it without a lock.
  static func threadComes(caller: UInt64) {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) {
      let gc = copy(index)
      guard isReady(gc), gc.pointee.locks == 0 else { continue }
      let isItself = caller >= gc.pointee.low && caller < gc.pointee.high
      guard !isItself, coexist_gettid() == coexist_getpid(), coexist_libgc_has_started(index) != 0
      else { continue }
      gc.pointee.allow_register_threads()
      gc.pointee.locks = 1
    }
  }

  /// A thread of the program's, or of a library that nobody knows, may come to allocate, and so to
  /// finalize: for that the collector must know it (pthread_support.c, GC_check_finalizer_nested).
  /// Threads of runtimes are left alone.
  static func threadBegins(_ thread: UnsafeMutablePointer<coexist_thread>) {
    guard Runtimes.isUnknown(thread.pointee.creator) else { return }
    for index in 0..<UInt32(COEXIST_LIBGC_MAX) {
      let gc = copy(index)
      guard isReady(gc), gc.pointee.locks != 0, thread.pointee.stack_high != 0 else { continue }
      var base = thread.pointee.stack_high  // struct GC_stack_base
      if gc.pointee.register_my_thread(&base) == 0 {
        thread.pointee.registered |= bit(index)
        ThreadLines.know(thread, index)
      }
    }
  }

  static func threadEnds(_ thread: UnsafeMutablePointer<coexist_thread>) {
    for index in 0..<UInt32(COEXIST_LIBGC_MAX)
    where thread.pointee.registered & bit(index) != 0 {
      let gc = copy(index)
      if isReady(gc), gc.pointee.thread_is_registered() != 0 {
        _ = gc.pointee.unregister_my_thread()
      }
    }
    thread.pointee.registered = 0
  }

  static func event(_ index: UInt32, _ event: Int32) {
    let gc = copy(index)
    switch event {
    case preStopWorld: coexist_roots_refresh(index)
    case postStopWorld: gc.pointee.stopped = 1
    case preStartWorld:
      gc.pointee.stopped = 0
      Roots.release(index)
    default: break
    }
    if let before = gc.pointee.before_event { before(event) }
  }

  /// The collector has asked one of its threads to stop, or to go on.
  static func thread(_ index: UInt32, _ event: Int32, _ id: UnsafeMutableRawPointer?) {
    let gc = copy(index)
    if let thread = coexist_thread_of(UInt(bitPattern: id)) {
      withUnsafeMutablePointer(to: &thread.pointee.known_to) {
        if event == suspended {
          ThreadLines.know(thread, index)
          _ = atomic($0).pointee.bitwiseOr(bit(index), ordering: .relaxed)
        } else if event == unsuspended {
          _ = atomic($0).pointee.bitwiseAnd(~bit(index), ordering: .relaxed)
        }
      }
    }
    if let before = gc.pointee.before_thread { before(event, id) }
  }

  static func isForeign(_ id: pthread_t, to collector: UInt64) -> Bool {
    // It may not have begun yet; who joins it waits for more than that.
    var patience = 20_000
    while coexist_maker_of(id) == 0, patience > 0 {
      coexist_sleep(50_000)
      patience &-= 1
    }
    let maker = coexist_maker_of(id)
    guard maker != 0, let index = holding(collector) else { return false }
    return maker &- 1 != copy(index).pointee.runtime
  }

  static func push(_ index: UInt32) {
    let gc = copy(index)
    // Not stopped: an incremental collector's first glance, which it repeats when it has stopped.
    let isOwn = gc.pointee.stopped != 0 && isDefault(gc)
    if gc.pointee.stopped != 0 { count(&line(index).pointee.collections) }
    if isOwn, !Roots.isAlone(index) {
      Roots.push(index)
    } else {
      if gc.pointee.stopped != 0 { count(&line(index).pointee.alone) }
      if let before = gc.pointee.before_push { before() }
      if gc.pointee.stopped != 0 { Roots.pushThreadLocal(index) }
    }
    if gc.pointee.stopped != 0 { Pins.push(gc.pointee.push_all_eager) }
  }

  /// Is what we replaced the collector's own? What a program put there must run in any case.
  private static func isDefault(_ gc: Copy) -> Bool {
    let before = UInt64(UInt(bitPattern: unsafeBitCast(gc.pointee.before_push, to: Int.self)))
    return before >= gc.pointee.low && before < gc.pointee.high
  }
}
