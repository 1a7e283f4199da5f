// Objects of a collector that only Swift holds, where it does not look: pinned, they stay.
import Coexist
import Glibc

guard let gc = dlopen("libgc.so.1", RTLD_NOW | RTLD_GLOBAL) else {
  fatalError("keep needs libgc.so.1")
}
func named<Function>(_ name: String, _: Function.Type = Function.self) -> Function {
  unsafeBitCast(dlsym(gc, name)!, to: Function.self)
}
typealias Finalizer = @convention(c) (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?) -> Void
let allocate: @convention(c) (Int) -> UnsafeMutableRawPointer = named("GC_malloc")
let setFinalizer:
  @convention(c) (
    UnsafeMutableRawPointer, Finalizer, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
    UnsafeMutableRawPointer?
  ) -> Void = named("GC_register_finalizer")
let collect: @convention(c) () -> Void = named("GC_gcollect")
let finalize: @convention(c) () -> Int32 = named("GC_invoke_finalizers")
let start: @convention(c) () -> Void = named("GC_init")

nonisolated(unsafe) var freed = 0

/// In memory of malloc's, where libgc does not look.
final class Holder {
  private let pin: Pin
  init(_ object: UnsafeRawPointer) throws { pin = try Pin(object) }
}

/// What is left of the objects on the stack below is overwritten by the next call.
@inline(never) func hold(_ count: Int) throws -> [Holder] {
  try (0..<count).map { _ in
    let object = allocate(48)
    setFinalizer(object, { _, _ in freed += 1 }, nil, nil, nil)
    return try Holder(object)
  }
}

@inline(never) func overwrite() -> Int {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: 8_192) { words in
    for index in words.indices { words.initializeElement(at: index, to: index) }
    return words[Int.random(in: words.indices)]
  }
}

func freedNow() -> Int {
  for _ in 0..<3 {
    guard overwrite() >= 0 else { break }
    collect()
    _ = finalize()
  }
  return freed
}

start()
var holders = try hold(100)
print("coexist:", Coexist.version ?? "not preloaded")
// Without coexist all but a few that an old word still looks like.
let early = freedNow()
print("freed while held:", early == 0 ? "none" : early > 50 ? "most" : "\(early)")
holders = []
print("freed afterwards:", freedNow() > 50 ? "most" : "\(freed)")
print("shared with Lean:", Coexist.share(allocate(48), of: "lean"))
