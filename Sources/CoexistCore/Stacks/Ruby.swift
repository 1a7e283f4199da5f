import CCoexist

/// Ruby's collector marks its own threads' stacks and what it is told. An object of ours, made when
/// somebody else comes into the process, tells it what others hold, each time that it marks. Such
/// objects do not move (gc.c, gc_mark_maybe).
enum Ruby {
  private static let index = UInt32(COEXIST_COLLECTOR_RUBY)

  static func look() {
    let ruby = coexist_the_ruby()!
    if ruby.pointee.map == 0 {
      coexist_objects_each { map, own in
        if own != 0, coexist_object_symbol(map, Ruby.mark) != 0 { _ = coexist_ruby_find(map) }
      }
      guard ruby.pointee.map != 0 else { return }
      let gc = Libgc.copy(index)
      gc.pointee.runtime = Modules.runtime(of: coexist_object_of(ruby.pointee.map))
      gc.pointee.push_all_eager = coexist_ruby_gather
    }
    // The loader's lock must not be taken while a collection waits for it.
    coexist_roots_refresh(index)
    if hasCompany { meet() }
  }

  private static var mark: UnsafePointer<CChar> {
    let name: StaticString = "rb_gc_mark_locations"
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// A host that is not the program `ruby`, or another runtime.
  private static var hasCompany: Bool {
    let own = Libgc.copy(index).pointee.runtime
    for number in Runtimes.first..<max(Runtimes.count, Runtimes.first)
    where number != own && State.runtime(number).pointee.present == 1 { return true }
    return coexist_text_matches(coexist_program_name(), pattern) == 0
  }

  private static var pattern: UnsafePointer<CChar> {
    let name: StaticString = "ruby*"
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Somebody makes a thread or a fiber.
  static func othersCome(caller: UInt64) {
    guard coexist_the_ruby().pointee.map != 0, coexist_the_ruby().pointee.keeper == 0,
      Ownership.owner(of: caller) != Libgc.copy(index).pointee.runtime
    else { return }
    meet()
  }

  /// Only a thread of Ruby's that has its lock may make the object; else a later one will.
  private static func meet() {
    guard coexist_ruby_keep() != 0 else { return }
    // Ruby scans the stack of this one, whoever made it.
    if let thread = Threads.current() {
      thread.pointee.registered |= bit(index)
      ThreadLines.know(thread, index)
    }
    show()
  }

  private static func show() {
    Libgc.line(index).pointee.runtime = Libgc.copy(index).pointee.runtime
    Libgc.line(index).pointee.present = 1
  }

  static func forked() {
    if coexist_the_ruby().pointee.keeper != 0 { show() }
  }

  /// In the collection, on a thread that has the lock.
  static func marks() {
    let line = Libgc.line(index)
    count(&line.pointee.collections)
    if Roots.isAlone(index) {
      count(&line.pointee.alone)
    } else {
      Roots.push(index)
      Roots.release(index)
      coexist_ruby_mark_gathered()
    }
    Pins.push(coexist_the_ruby().pointee.mark_locations)
  }
}
