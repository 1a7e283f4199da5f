/// What one process's libcoexist.so published, decoded and checked. Every text is printable, every
/// runtime number is below COEXIST_RUNTIMES_MAX, every list is bounded by the format.
public struct State: Sendable, Equatable {
  public var version = 0
  public var libraryVersion = ""
  public var pid = 0
  /// Field 22 of /proc/PID/stat, in clock ticks since boot.
  public var startTicks: UInt64 = 0
  public var startedNs: UInt64 = 0
  public var user: UInt32 = 0
  /// Path of the executable.
  public var program = ""
  public var threads: UInt64 = 0
  public var generation: UInt64 = 0
  public var settings = Settings()
  public var runtimes: [Runtime] = []
  public var signals: [Signal] = []
  /// Oldest first.
  public var events: [Event] = []
  /// Oldest first.
  public var warnings: [Warning] = []
  public var regions: [Region] = []
  public var containers: [Container] = []
  public var threadLocal = ThreadLocal()
  /// Sorted by id; `threads` counts those that no line was left for, too.
  public var threadLines: [Thread] = []
  public var threadsLeftOut: UInt64 = 0
  public var collectors: [Collector] = []
  /// Sorted by id; more may live than there were lines for.
  public var contexts: [Context] = []
  public var contextsLeftOut: UInt64 = 0
  /// Where a context's record says whose thread is inside; 0 = no context was made.
  public var contextOwnerOffset: UInt64 = 0
  public var contextInsideOffset: UInt64 = 0
  /// What was left out because its numbers are outside their ranges; one phrase each.
  public var damage: [String] = []

  public func name(ofRuntime number: Int) -> String {
    runtimes.first { $0.number == number }?.name
      ?? (number == 0 ? "system" : number == 1 ? "app" : "runtime \(number)")
  }

  public func signal(_ number: Int) -> Signal? { signals.first { $0.number == number } }

  /// The executable's file name.
  public var programName: String {
    program.split(separator: "/").last.map(String.init) ?? "?"
  }
}

public enum Mode: UInt32, Sendable { case off, observe, enforce }

public struct Settings: Sendable, Equatable {
  public var mode = Mode.enforce
  public var keys = 0
  public var problems = 0
  public var rules = 0
  /// The configuration file in use; "" = built-in defaults.
  public var path = ""
  public var options = ""
}

public struct Runtime: Sendable, Equatable {
  public var number = 0
  public var name = ""
  public var library = ""
  public var base: UInt64 = 0
  public var sinceNs: UInt64 = 0
  public var claimed: UInt64 = 0
  public var declined: UInt64 = 0
  /// nil = its own catalogue did not know it.
  var traits: RuntimeTraits?
  public var instance = 0

  /// The catalogue's name: "go" of the instance "go#2".
  var kind: String { String(name.prefix { $0 != "#" }) }
}

/// How a runtime treats a fault, by the catalogue of the library in the process.
struct RuntimeTraits: Sendable, Equatable {
  enum Claims: UInt16, Sendable { case unknown, precisely, ownCode, greedily, never }
  enum Passes: UInt16, Sendable { case on, reported, never }

  var claims = Claims.unknown
  var passes = Passes.on
  /// With SIG_DFL below it: reports and aborts.
  var bottomAborts = false
  /// By a [[runtime]] of the configuration.
  var isConfigured = false
}

public enum Installed: UInt32, Sendable { case native, exact, dispatcher }

public struct Signal: Sendable, Equatable {
  public var number = 0
  public var delivered: UInt64 = 0
  public var defaulted: UInt64 = 0
  public var installed = Installed.native
  public var installedRuntime = 0
  /// What each runtime asked for, by runtime number.
  public var links: [Link] = []
  /// Events in [2^index, 2^(index+1)) ns from entry to the first handler.
  public var latency: [UInt32] = []
}

public struct Link: Sendable, Equatable {
  public var runtime = 0
  public var claimed: UInt64 = 0
  /// 0 = SIG_DFL, 1 = SIG_IGN.
  public var handler: UInt64 = 0
  public var flags: UInt64 = 0
  public var mask: UInt64 = 0
  public var askedNs: UInt64 = 0
  public var askedFrom: UInt64 = 0
  public var sequence: UInt32 = 0

  public var isHandler: Bool { handler > 1 }
}

public enum Evidence: UInt8, Sendable { case none, pc, address, thread, rule }
public enum Outcome: UInt8, Sendable { case pending, claimed, `default` }
public enum How: UInt8, Sendable {
  case asked, claimed, reset, raised, requeued, calledPrevious, noProgress, reported
}

public struct Event: Sendable, Equatable {
  public struct Tried: Sendable, Equatable {
    public var runtime = 0
    public var how = How.asked
  }
  public var sequence: UInt64 = 0
  public var timeNs: UInt64 = 0
  public var pc: UInt64 = 0
  /// si_addr, or the sender's pid for a signal that was sent.
  public var address: UInt64 = 0
  public var sp: UInt64 = 0
  public var tid = 0
  public var code = 0
  public var signal = 0
  public var pcOwner = 0
  public var addressOwner = 0
  public var threadOwner = 0
  public var evidence = Evidence.none
  public var outcome = Outcome.pending
  public var claimedBy = 0
  public var toHandlerNs: UInt32 = 0
  /// 0 if the handler never returned.
  public var totalNs: UInt32 = 0
  public var tried: [Tried] = []
}

public struct Warning: Sendable, Equatable {
  public var sequence: UInt64 = 0
  public var timeNs: UInt64 = 0
  public var code = ""
  public var text = ""
}

public struct Region: Sendable, Equatable {
  public enum Kind: UInt32, Sendable {
    case code = 1
    case data
  }
  /// [low, high)
  public var low: UInt64 = 0
  public var high: UInt64 = 0
  public var runtime = 0
  public var kind = Kind.code
}
