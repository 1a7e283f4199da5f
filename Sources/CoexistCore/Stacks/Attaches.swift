import CCoexist

/// Runtimes whose threads must be known to them: a collector that moves objects unless a stack that
/// it knows points to them (Mono) cannot be shown afterwards what others hold. Threads of the
/// program are attached when they begin, by the function that the catalogue names; Mono detaches
/// them itself at their end (metadata/threads.c, thread_info_key_dtor).
enum Attaches {
  static func look() {
    for index in 0..<UInt32(COEXIST_ATTACHES_MAX) {
      let known = coexist_attach_at(index)!
      if known.pointee.map != 0, coexist_object_at(known.pointee.low).map != known.pointee.map {
        known.pointee.map = 0
      }
    }
    coexist_objects_each { map, _ in
      if let free = Attaches.free(for: map) { _ = coexist_attach_find(free, map) }
    }
  }

  /// nil: the object is known, or there is no room.
  private static func free(for map: UInt64) -> UnsafeMutablePointer<coexist_attach>? {
    var free: UnsafeMutablePointer<coexist_attach>?
    for index in 0..<UInt32(COEXIST_ATTACHES_MAX) {
      let slot = coexist_attach_at(index)!
      if slot.pointee.map == map { return nil }
      if slot.pointee.map == 0, free == nil { free = slot }
    }
    return free
  }

  static func threadBegins(_ thread: UnsafeMutablePointer<coexist_thread>) {
    guard Runtimes.isUnknown(thread.pointee.creator) else { return }
    for index in 0..<UInt32(COEXIST_ATTACHES_MAX) {
      let runtime = coexist_attach_at(index)!
      guard runtime.pointee.map != 0 else { continue }
      guard let makeArgument = runtime.pointee.argument else {
        _ = runtime.pointee.attach(nil)
        continue
      }
      if let argument = makeArgument() { _ = runtime.pointee.attach(argument) }
    }
  }
}
