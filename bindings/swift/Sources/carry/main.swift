// One piece of work on two threads: what the guest library remembers goes along with its context.
import Coexist
import Glibc

typealias Calls = @convention(c) () -> Int

guard CommandLine.arguments.count == 2, let guest = dlopen(CommandLine.arguments[1], RTLD_NOW),
  let symbol = dlsym(guest, "guest_calls")
else { fatalError("usage: carry GUEST") }
nonisolated(unsafe) let calls = unsafeBitCast(symbol, to: Calls.self)
nonisolated let context = try Context()

nonisolated func part(_: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  let count = try? context.with { calls() }
  print("the guest counts", count ?? -1)
  return nil
}

print("coexist:", Coexist.version ?? "not preloaded")
for _ in 0..<2 {
  var thread = pthread_t()
  pthread_create(&thread, nil, part, nil)
  pthread_join(thread, nil)
}
