import Glibc

// The Swift wrapper (Sources/Coexist) over a guest: compiled together with it. Exit status: number
// of checks that failed.
@main enum Wrapper {
  nonisolated(unsafe) static var failures: Int32 = 0

  static func check(_ isRight: Bool, _ line: Int = #line) {
    guard !isRight else { return }
    failures += 1
    print("line \(line)")
  }

  struct Guest: @unchecked Sendable {
    let set: @convention(c) (Int) -> Void
    let test: @convention(c) (Int) -> Int32
    init(_ path: String) {
      let library = dlopen(path, RTLD_NOW)
      set = unsafeBitCast(dlsym(library, "guest_set"), to: (@convention(c) (Int) -> Void).self)
      test = unsafeBitCast(dlsym(library, "guest_check"), to: (@convention(c) (Int) -> Int32).self)
    }
    func has(_ value: Int) -> Bool { test(value) != 0 }
  }

  final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
  static func onAnotherThread(_ body: @escaping () -> Void) {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().body()
      return nil
    }
    pthread_create(&thread, nil, run, work)
    pthread_join(thread, nil)
  }

  @inline(never) static func stackPointer() -> Int {
    var place = 0
    return withUnsafePointer(to: &place) { Int(bitPattern: $0) }
  }

  struct Trouble: Error {}

  static func main() throws {
    let guest = Guest(CommandLine.arguments[1])
    let isPresent = Coexist.version != nil
    let context = try Context(), other = try Context()
    check((context.id != nil) == isPresent && Context.current == nil)
    guest.set(1)
    try context.with {
      guest.set(2)
      check(Context.current == context.id)
      try other.with { guest.set(3) }
    }
    for _ in 1...50 {
      onAnotherThread {
        guest.set(4)
        do {
          check(try context.with { guest.has(2) })
          check(try other.with { guest.has(3) })
        } catch { check(false) }
        check(guest.has(4))
      }
    }
    check(guest.has(1))
    // What goes wrong is said, and leaves everything as it was.
    do { try context.with { throw Trouble() }; check(false) } catch { check(error is Trouble) }
    check(Context.current == nil)
    if isPresent {
      try context.enter()
      do { try context.enter(); check(false) } catch { check(error as? ContextError == .busy) }
      try other.enter()
      do { try context.leave(); check(false) } catch {
        check(error as? ContextError == .notInnermost)
      }
      try other.leave()
      try context.leave()
    }
    // On its own stack: far from here, and errors come back.
    let here = stackPointer()
    let there = try context.call(stackSize: 256 << 10) {
      check(!isPresent || guest.has(2))
      return stackPointer()
    }
    check(!isPresent || abs(here - there) > 256 << 10)
    do { try context.call { throw Trouble() }; check(false) } catch { check(error is Trouble) }
    // A library that stays with the thread on demand.
    try Context.setPolicy(.native, for: "guest.so")
    let late = try Context()
    guest.set(9)
    check(try late.with { guest.has(9) })
    print("\(failures) failures")
    exit(failures == 0 ? 0 : 1)
  }
}
