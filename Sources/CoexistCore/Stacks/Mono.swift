import CCoexist

/// Mono's collector moves objects, unless a stack that it knows points to them; so what others hold
/// cannot be shown to it afterwards. Threads of the program are attached when they begin. Mono
/// detaches them itself at their end (metadata/threads.c, thread_info_key_dtor).
enum Mono {
  static func look() {
    let mono = coexist_the_mono()!
    if mono.pointee.map != 0, coexist_object_at(mono.pointee.low).map == mono.pointee.map { return }
    mono.pointee.map = 0
    coexist_objects_each { map, _ in
      if coexist_object_symbol(map, Mono.mark) != 0 { _ = coexist_mono_find(map) }
    }
  }

  private static var mark: UnsafePointer<CChar> {
    let name: StaticString = "mono_jit_thread_attach"
    return UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  static func threadBegins(_ thread: UnsafeMutablePointer<coexist_thread>) {
    let mono = coexist_the_mono()!
    guard mono.pointee.map != 0, Runtimes.isUnknown(thread.pointee.creator),
      let domain = mono.pointee.get_root_domain()
    else { return }
    _ = mono.pointee.jit_thread_attach(domain)
  }
}
