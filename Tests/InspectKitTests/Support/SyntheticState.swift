import CCoexist
import CInspect

@testable import InspectKit

/// A state as the library would write it, built in memory: three runtimes, a chain, events,
/// warnings.
final class SyntheticState {
  let raw: UnsafeMutablePointer<coexist_state>

  /// 2026-11-23 23:41:07 UTC, and the moment of looking three minutes later.
  static let started: UInt64 = 1_795_477_267_000_000_000
  static let now = started + 183_000_000_000

  init(pid: Int = 9_999_999, startTicks: UInt64 = 1, program: String = "/opt/demo/mixed") {
    raw = .allocate(capacity: 1)
    UnsafeMutableRawPointer(raw).initializeMemory(
      as: UInt8.self, repeating: 0, count: MemoryLayout<coexist_state>.size)
    raw.pointee.magic = COEXIST_STATE_MAGIC
    raw.pointee.version = COEXIST_STATE_VERSION
    raw.pointee.size = UInt32(MemoryLayout<coexist_state>.size)
    fill(&raw.pointee.library_version, "0.1.0")
    raw.pointee.pid = UInt64(pid)
    raw.pointee.start_ticks = startTicks
    raw.pointee.started_ns = SyntheticState.started
    raw.pointee.uid = 1000
    fill(&raw.pointee.program, program)
    raw.pointee.threads = 212
    raw.pointee.generation = 7
    raw.pointee.settings.mode = UInt32(COEXIST_MODE_ENFORCE.rawValue)
    addRuntimes()
    addSignals()
    addEvents()
    addWarning()
    addRegions()
    addContainers()
    addThreadLocal()
    addStacks()
    addContexts()
  }

  deinit { raw.deallocate() }

  var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: raw, count: StateImage.size)) }

  func write(to path: String) { writeFile(bytes, path) }

  private func addRuntimes() {
    let entries = [
      ("system", "libc.so.6", nil), ("app", "mixed", nil), ("jvm", "libjvm.so", "jvm"),
      ("go", "libworker.so", "go"), ("python", "libpython3.11.so.1.0", "python"),
    ]
    for (number, entry) in entries.enumerated() {
      let to = coexist_state_runtime(raw, UInt64(number))!
      fill(&to.pointee.name, entry.0)
      fill(&to.pointee.library, entry.1)
      to.pointee.present = 1
      to.pointee.base = number < 2 ? 0 : 0x7f2a_0000_0000 + UInt64(number) << 28
      to.pointee.since_ns = SyntheticState.started + UInt64(number) * 1_000_000_000
      // The number is the writer's own affair: readers must not look at it.
      to.pointee.catalogue = UInt16(COEXIST_CATALOGUE_NONE)
      if let name = entry.2, let known = coexist_built_in_at(coexist_built_in_named(name)) {
        to.pointee.traits = coexist_catalogue_traits(known)
      }
      to.pointee.instance = 1
    }
    coexist_state_runtime(raw, 2)!.pointee.claimed = 31_198
    coexist_state_runtime(raw, 3)!.pointee.claimed = 6
    coexist_state_runtime(raw, 3)!.pointee.declined = 31_198
    raw.pointee.runtimes_count = 5
  }

  private func addSignals() {
    ask(
      11, 2, handler: 0x7f2a_2000_1000, flags: 0x1000_0004, mask: ~0, sequence: 3, claimed: 31_198)
    ask(11, 3, handler: 0x7f2a_3000_2000, flags: 0x1800_0004, mask: ~0, sequence: 2, claimed: 6)
    ask(11, 4, handler: 0x7f2a_4000_3000, flags: 0x4800_0000, mask: 0, sequence: 1, claimed: 0)
    ask(2, 2, handler: 0x7f2a_2000_4000, flags: 0x1000_0004, mask: 0, sequence: 5, claimed: 0)
    ask(2, 4, handler: 0x7f2a_4000_5000, flags: 0x0800_0000, mask: 0, sequence: 4, claimed: 0)
    ask(10, 4, handler: 0x7f2a_4000_6000, flags: 0x0800_0000, mask: 1 << 9, sequence: 6, claimed: 0)
    ask(13, 4, handler: 1, flags: 0, mask: 0, sequence: 7, claimed: 0)
    ask(13, 3, handler: 0, flags: 0, mask: 0, sequence: 8, claimed: 0)
    let fault = coexist_state_signal(raw, 11)!
    fault.pointee.installed = UInt32(COEXIST_INSTALLED_DISPATCHER.rawValue)
    fault.pointee.delivered = 31_205
    fault.pointee.defaulted = 1
    withUnsafeMutableBytes(of: &fault.pointee.latency) { bytes in
      let buckets = bytes.bindMemory(to: UInt32.self)
      buckets[8] = 30_000
      buckets[10] = 1_205
    }
    coexist_state_signal(raw, 10)!.pointee.installed = UInt32(COEXIST_INSTALLED_EXACT.rawValue)
    coexist_state_signal(raw, 10)!.pointee.installed_runtime = 4
  }

  private var actions: UInt16 = 0

  private func ask(
    _ signal: Int, _ runtime: Int, handler: UInt64, flags: UInt64, mask: UInt64, sequence: UInt32,
    claimed: UInt64
  ) {
    actions += 1
    let action = coexist_state_action(raw, UInt64(actions))!
    action.pointee.handler = handler
    action.pointee.flags = flags
    action.pointee.mask = mask
    action.pointee.asked_ns = SyntheticState.started + UInt64(sequence) * 1_000_000_000
    action.pointee.asked_from = handler + 0x80
    action.pointee.sequence = sequence
    action.pointee.signal = UInt16(signal)
    action.pointee.runtime = UInt16(runtime)
    let slot = coexist_state_signal(raw, UInt64(signal))!
    let index = actions
    withUnsafeMutableBytes(of: &slot.pointee.link) {
      $0.bindMemory(to: UInt16.self)[runtime] = index
    }
    withUnsafeMutableBytes(of: &slot.pointee.claimed) {
      $0.bindMemory(to: UInt64.self)[runtime] = claimed
    }
    if handler > 1 { slot.pointee.claimants |= 1 << UInt64(runtime) }
  }

  private func addEvents() {
    event(1, pc: 0x7f2a_2000_1234, owner: 2, evidence: 1, outcome: 1, by: 2, [(2, 1)], total: 8_600)
    event(
      2, pc: 0x5581_303e_e450, owner: 1, evidence: 0, outcome: 2, by: 0,
      [(2, 5), (3, 2), (4, 7)], total: 201_000)
    event(3, pc: 0x7f2a_3000_2222, owner: 3, evidence: 1, outcome: 0, by: 0, [(3, 0)], total: 0)
    raw.pointee.events_next = 4
  }

  private func event(
    _ sequence: UInt64, pc: UInt64, owner: UInt8, evidence: UInt8, outcome: UInt8, by: UInt8,
    _ tried: [(UInt8, UInt8)], total: UInt32
  ) {
    let to = coexist_state_event(raw, sequence)!
    to.pointee.sequence = sequence
    to.pointee.time_ns = SyntheticState.started + 120_000_000_000 + sequence * 1_234_567
    to.pointee.pc = pc
    to.pointee.address = 8
    to.pointee.sp = 0x7ffd_0000_1000
    to.pointee.tid = 9_999_999
    to.pointee.code = 1
    to.pointee.signal = 11
    to.pointee.pc_owner = owner
    to.pointee.thread_owner = 1
    to.pointee.evidence = evidence
    to.pointee.outcome = outcome
    to.pointee.claimed_by = by
    to.pointee.to_handler_ns = 650
    to.pointee.total_ns = total
    to.pointee.tried_count = UInt32(tried.count)
    withUnsafeMutableBytes(of: &to.pointee.tried) { bytes in
      for (index, one) in tried.enumerated() {
        bytes.bindMemory(to: coexist_tried.self)[index] = coexist_tried(runtime: one.0, how: one.1)
      }
    }
  }

  private func addWarning() {
    let to = coexist_state_warning(raw, 1)!
    to.pointee.sequence = 1
    to.pointee.time_ns = SyntheticState.started + 2_000_000_000
    fill(&to.pointee.code, "W201")
    fill(&to.pointee.text, "SIGSEGV: go installed over the chain; put back in front")
    raw.pointee.warnings_next = 2
  }

  private func addRegions() {
    raw.pointee.region_table = 3
    let table = coexist_state_regions(raw, 3)!
    table.pointee.count = 2
    withUnsafeMutableBytes(of: &table.pointee.regions) { bytes in
      let regions = bytes.bindMemory(to: coexist_region.self)
      regions[0] = coexist_region(
        low: 0x7f29_0000_0000, high: 0x7f29_0001_0000, runtime: 2, kind: 1)
      regions[1] = coexist_region(
        low: 0x7f29_0010_0000, high: 0x7f29_0020_0000, runtime: 3, kind: 2)
    }
  }
}

extension SyntheticState {
  fileprivate func addContainers() {
    for (slot, name) in ["old", "new"].enumerated() {
      let to = coexist_state_container(raw, UInt64(slot))!
      to.pointee.id = UInt64(64 + slot)
      to.pointee.opened_ns = SyntheticState.started + UInt64(slot) * 60_000_000_000
      to.pointee.space = Int64(slot + 1)
      to.pointee.state = COEXIST_CONTAINER_OPEN.rawValue
      to.pointee.threads = UInt32(3 * slot)
      to.pointee.keys = 2
      fill(&to.pointee.name, name)
      fill(&to.pointee.library, "/opt/\(name)/lib/server/libjvm.so")
    }
    fill(
      &coexist_state_container(raw, 1)!.pointee.why,
      "3 threads of it still run, the youngest is 48217")
    raw.pointee.containers_used = 2
  }

  private func addStacks() {
    let collector = coexist_state_collector(raw, 0)!
    collector.pointee.present = 1
    collector.pointee.runtime = 4
    collector.pointee.collections = 1_234
    collector.pointee.alone = 1_000
    collector.pointee.asked = 8_200
    collector.pointee.silent = 3
    collector.pointee.contexts = 19
    collector.pointee.segments = 2
    coexist_state_collector(raw, UInt64(COEXIST_COLLECTOR_LINES_FIRST) - 1)!.pointee.present = 1
    for (index, creator) in [1, 2, 4].enumerated() {
      let line = coexist_state_thread_line(raw, UInt64(index) * 7)!
      line.pointee.tid = 9_999_999 + Int32(index)
      line.pointee.creator = UInt8(creator)
      line.pointee.low = 0x7f2b_0000_0000 + UInt64(index) << 24
      line.pointee.high = line.pointee.low + (index == 0 ? 8 << 20 : 1 << 20)
      line.pointee.since_ns = SyntheticState.started + UInt64(index)
    }
    coexist_state_thread_line(raw, 7)!.pointee.alternate = 0x7f2c_0000_7000
    coexist_state_thread_line(raw, 7)!.pointee.alternate_size = 225_280
    coexist_state_thread_line(raw, 14)!.pointee.collectors = 1
    coexist_state_thread_line(raw, 14)!.pointee.container = 2
    coexist_state_thread_line(raw, 14)!.pointee.waits_for = 2
  }

  private func addThreadLocal() {
    raw.pointee.static_tls_size = 4_160
    raw.pointee.static_tls_used = 3_648
    raw.pointee.tls.contexts = 20
    raw.pointee.tls.contexts_made = 4_321
    raw.pointee.tls.stacks = 19
    raw.pointee.tls.modules_count = 6
    raw.pointee.tls.copied_module = 3
    raw.pointee.tls.ranges_size = 152
    add(1, "mixed", 24, COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_PROGRAM, 0)
    add(2, "libworker.so", 4_160, COEXIST_TLS_POLICY_CONTEXT, COEXIST_TLS_REASON_DEFAULT, 20)
    add(3, "libleanshared.so", 240, COEXIST_TLS_POLICY_COPY, COEXIST_TLS_REASON_MANIFEST, 0)
    add(5, "libold.so", 8, COEXIST_TLS_POLICY_NATIVE, COEXIST_TLS_REASON_DESCRIPTOR, 0)
  }

  private func add(
    _ id: UInt64, _ name: String, _ size: UInt64, _ policy: coexist_tls_policy,
    _ reason: coexist_tls_reason, _ blocks: UInt64
  ) {
    let to = coexist_state_tls_module(raw, id)!
    to.pointee.map = 0x7f2a_0000_0000 + id << 28
    to.pointee.size = size
    to.pointee.policy = policy.rawValue
    to.pointee.reason = reason.rawValue
    to.pointee.blocks = blocks
    fill(&to.pointee.name, name)
  }
}

/// Copies text into a fixed char array, ending it with NUL if there is room.
func fill<Tuple>(_ array: inout Tuple, _ text: String) {
  withUnsafeMutableBytes(of: &array) { bytes in
    for (index, byte) in text.utf8.prefix(bytes.count).enumerated() { bytes[index] = byte }
    if text.utf8.count < bytes.count { bytes[text.utf8.count] = 0 }
  }
}

/// Names for the synthetic state's addresses.
struct FakeSymbols: Symbolizer {
  private let known: [UInt64: (String, String)] = [
    0x7f2a_2000_1000: ("JVM_handle_linux_signal", "libjvm.so"),
    0x7f2a_2000_1234: ("Interpreter", "libjvm.so"),
    0x7f2a_3000_2000: ("runtime.sigfwdgo", "libworker.so"),
    0x7f2a_4000_3000: ("faulthandler_fatal_error", "libpython3.11.so.1.0"),
  ]

  func locate(_ address: UInt64) -> Location? {
    guard let (symbol, module) = known[address] else { return nil }
    return Location(
      module: module, path: "/opt/demo/" + module, base: address & ~0xFFF_FFFF, symbol: symbol,
      offset: 0)
  }
}
