import CCoexist
import Synchronization

/// The core's own first steps, on the main thread, before the program's constructors.
enum Start {
  /// The main program's runtime: whose policy holds for signals that end the program.
  static var host: UInt32 {
    @_noLocks @_noAllocation get { Ownership.owner(of: coexist_program_entry()) }
  }

  static func run() {
    Clock.start()
    Runtimes.start()
    rememberInherited()
    guard let main = ThreadPool.take() else { return }
    main.pointee.creator = Ownership.owner(of: coexist_program_entry())
    let page: UInt64 = 4096
    let high = (coexist_stack_end() &+ page &- 1) & ~(page &- 1)
    Threads.started(main, low: high &- coexist_stack_limit(), high: high)
    AlternateStack.install(on: main)
    Libgc.look()
    Attaches.look()
    Ruby.look()
    Ocaml.look()
  }

  /// What the process began with: SIG_DFL, or SIG_IGN kept over exec. A runtime that has asked for
  /// nothing reads this back.
  private static func rememberInherited() {
    for signal in Int32(1)...64 where isChained(signal) {
      coexist_inherited_at(UInt32(signal))!.pointee = Installer.held(signal)
    }
    word(COEXIST_WORD_LIBC_RESTORER).pointee.store(coexist_find_restorer(), ordering: .relaxed)
  }

  static func forked() {
    Regions.forked()
    Threads.forked()
    IntervalTimers.forked()
    Children.forked()
    World.forked()
    Stragglers.forked()
    Exchanges.forked()
    LostThreads.restart()
    coexist_stop_forked()
    Libgc.forked()
    Ruby.forked()
    Ocaml.forked()
  }
}
