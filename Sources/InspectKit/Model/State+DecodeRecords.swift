import CCoexist

/// The flight recorder, the warnings and the regions: rings and tables that change under our feet.
extension State {
  mutating func decodeEvents(
    _ raw: UnsafeMutablePointer<coexist_state>, later: UnsafeMutablePointer<coexist_state>?
  ) {
    for slot in 0..<UInt64(COEXIST_EVENTS_MAX) {
      let from = coexist_state_event(raw, slot)!
      let sequence = from.pointee.sequence
      guard sequence != 0, sequence % UInt64(COEXIST_EVENTS_MAX) == slot else { continue }
      if let later, coexist_state_event(later, slot)!.pointee.sequence != sequence { continue }
      guard let event = State.decodeEvent(from) else {
        damage.append("event \(sequence)")
        continue
      }
      events.append(event)
    }
    events.sort { $0.sequence < $1.sequence }
  }

  private static func decodeEvent(_ from: UnsafeMutablePointer<coexist_event>) -> Event? {
    let limit = UInt8(COEXIST_RUNTIMES_MAX)
    let raw = from.pointee
    guard raw.pc_owner < limit, raw.address_owner < limit, raw.thread_owner < limit,
      raw.claimed_by < limit, (1..<UInt16(COEXIST_SIGNALS_MAX)).contains(raw.signal),
      raw.tried_count <= UInt32(COEXIST_TRIED_MAX),
      let evidence = Evidence(rawValue: raw.evidence), let outcome = Outcome(rawValue: raw.outcome)
    else { return nil }
    var event = Event()
    event.sequence = raw.sequence
    event.timeNs = raw.time_ns
    event.pc = raw.pc
    event.address = raw.address
    event.sp = raw.sp
    event.tid = Int(raw.tid)
    event.code = Int(raw.code)
    event.signal = Int(raw.signal)
    event.pcOwner = Int(raw.pc_owner)
    event.addressOwner = Int(raw.address_owner)
    event.threadOwner = Int(raw.thread_owner)
    event.evidence = evidence
    event.outcome = outcome
    event.claimedBy = Int(raw.claimed_by)
    event.toHandlerNs = raw.to_handler_ns
    event.totalNs = raw.total_ns
    let tried = fixedArray(&from.pointee.tried, of: coexist_tried.self)
    for one in tried.prefix(Int(raw.tried_count)) {
      guard one.runtime < limit, let how = How(rawValue: one.how) else { return nil }
      event.tried.append(Event.Tried(runtime: Int(one.runtime), how: how))
    }
    return event
  }

  mutating func decodeWarnings(
    _ raw: UnsafeMutablePointer<coexist_state>, later: UnsafeMutablePointer<coexist_state>?
  ) {
    for slot in 0..<UInt64(COEXIST_WARNINGS_MAX) {
      let from = coexist_state_warning(raw, slot)!
      let sequence = from.pointee.sequence
      guard sequence != 0 else { continue }
      if let later, coexist_state_warning(later, slot)!.pointee.sequence != sequence { continue }
      warnings.append(
        Warning(
          sequence: sequence, timeNs: from.pointee.time_ns, code: fixedText(&from.pointee.code),
          text: fixedText(&from.pointee.text)))
    }
    warnings.sort { $0.sequence < $1.sequence }
  }

  mutating func decodeRegions(_ raw: UnsafeMutablePointer<coexist_state>) {
    let index = raw.pointee.region_table
    guard index < UInt64(COEXIST_REGION_TABLES) else {
      damage.append("region table \(index)")
      return
    }
    let table = coexist_state_regions(raw, index)!
    guard table.pointee.count <= UInt64(COEXIST_REGIONS_MAX) else {
      damage.append("region table \(index): \(table.pointee.count) regions")
      return
    }
    withUnsafeBytes(of: &table.pointee.regions) { bytes in
      for one in bytes.bindMemory(to: coexist_region.self).prefix(Int(table.pointee.count)) {
        guard one.low < one.high, one.runtime < UInt32(COEXIST_RUNTIMES_MAX),
          let kind = Region.Kind(rawValue: one.kind)
        else {
          damage.append("region at \(addressText(one.low))")
          continue
        }
        regions.append(
          Region(low: one.low, high: one.high, runtime: Int(one.runtime), kind: kind))
      }
    }
  }
}
