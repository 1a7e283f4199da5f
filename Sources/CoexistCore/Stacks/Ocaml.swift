import CCoexist

/// OCaml's collector moves objects and knows the place of each pointer, so what a C variable holds
/// cannot be shown to it; a pin can, since its words are a place. Threads that its thread library
/// was not told of are made known to it where they first ask for its lock, and not when they begin:
/// the lock may be held by who waits for them.
enum Ocaml {
  private static let index = UInt32(COEXIST_COLLECTOR_OCAML)
  // caml/address_class.h
  private static let inHeap: Int32 = 1, inYoung: Int32 = 2

  static func look() {
    let ocaml = coexist_the_ocaml()!
    if ocaml.pointee.map == 0 || coexist_object_at(ocaml.pointee.low).map != ocaml.pointee.map {
      ocaml.pointee.map = 0
      Libgc.line(index).pointee.present = 0
      coexist_objects_each { map, own in
        if own != 0, coexist_object_symbol(map, Ocaml.mark) != 0 { _ = coexist_ocaml_find(map) }
      }
      guard ocaml.pointee.map != 0 else { return }
      show()
    }
    coexist_ocaml_hook()
  }

  private static func show() {
    Libgc.line(index).pointee.runtime =
      Modules.runtime(of: coexist_object_of(coexist_the_ocaml().pointee.map))
    Libgc.line(index).pointee.present = 1
  }

  static func forked() {
    if coexist_the_ocaml().pointee.map != 0 { show() }
  }

  private static var mark: UnsafePointer<CChar> {
    let name: StaticString = "caml_scan_roots_hook"
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Its thread library may have started since, and it takes the hook for itself.
  static func hookAgain() {
    if coexist_the_ocaml().pointee.map != 0 { coexist_ocaml_hook() }
  }

  /// In the collection, on the thread that has the lock.
  static func scans() {
    count(&Libgc.line(index).pointee.collections)
    coexist_ocaml_hook()
    Pins.eachRange { low, high in
      Pins.eachPlace(
        UInt64(UInt(bitPattern: low)), UInt64(UInt(bitPattern: high)), Ocaml.isOwn
      ) { place in coexist_ocaml_scan(place) }
    }
  }

  private static func isOwn(_ object: UInt64) -> Bool {
    object & 7 == 0 && coexist_the_ocaml().pointee.kind(object) & (inHeap | inYoung) != 0
  }

  /// A thread asks for the lock.
  static func enters() {
    let key = coexist_ocaml_register()
    guard key != 0, let thread = Threads.current() else { return }
    thread.pointee.ocaml_key = key
    ThreadLines.know(thread, index)
  }

  static func threadEnds(_ thread: UnsafeMutablePointer<coexist_thread>) {
    guard thread.pointee.ocaml_key != 0 else { return }
    coexist_ocaml_unregister(thread.pointee.ocaml_key)
    thread.pointee.ocaml_key = 0
  }
}
