import CCoexist
import Synchronization

/// The table of containers (`state.h`). One mutex of preload/container.c orders all writers;
/// readers look at `id` and `state`, which are published last.
enum Containers {
  typealias Record = UnsafeMutablePointer<coexist_container_record>

  static func find(_ id: UInt64) -> Record? {
    guard id != 0 else { return nil }
    let record = coexist_state_container(State.shared, id)!
    return idOf(record).pointee.load(ordering: .acquiring) == id ? record : nil
  }

  /// The container whose namespace this is. Its objects may already call us while it is being
  /// opened.
  static func inside(_ space: Int64) -> Record? {
    guard space > 0, used.pointee.load(ordering: .acquiring) != 0 else { return nil }
    for slot in 0..<UInt64(COEXIST_CONTAINERS_MAX) {
      let record = coexist_state_container(State.shared, slot)!
      if idOf(record).pointee.load(ordering: .acquiring) != 0, record.pointee.space == space {
        return record
      }
    }
    return nil
  }

  /// The name of the container whose code or data is at the address.
  @_noLocks @_noAllocation
  static func name(at address: UInt64) -> UnsafePointer<CChar>? {
    guard State.shared.pointee.containers_used != 0 else { return nil }
    for slot in 0..<UInt64(COEXIST_CONTAINER_OBJECTS_MAX) {
      let object = coexist_state_container_object(State.shared, slot)!
      let id = withUnsafeMutablePointer(to: &object.pointee.container) {
        atomic($0).pointee.load(ordering: .acquiring)
      }
      guard id != 0, object.pointee.low <= address, address < object.pointee.high else { continue }
      let record = coexist_state_container(State.shared, id)!
      guard record.pointee.id == id else { continue }
      return coexist_container_name(record)
    }
    return nil
  }

  /// A free slot under an id that no container had before: slot + a multiple of the table's size.
  static func take() -> Record? {
    for slot in 0..<UInt64(COEXIST_CONTAINERS_MAX) {
      let record = coexist_state_container(State.shared, slot)!
      guard idOf(record).pointee.load(ordering: .acquiring) == 0 else { continue }
      let opened = withUnsafeMutablePointer(to: &State.shared.pointee.containers_opened) {
        atomic($0).pointee.wrappingAdd(1, ordering: .relaxed).newValue
      }
      record.pointee = coexist_container_record()
      record.pointee.opened_ns = coexist_clock_ns(0)
      record.pointee.state = COEXIST_CONTAINER_OPENING.rawValue
      used.pointee.wrappingAdd(1, ordering: .releasing)
      let id = opened &* UInt64(COEXIST_CONTAINERS_MAX) &+ slot
      idOf(record).pointee.store(id, ordering: .releasing)
      State.changed()
      return record
    }
    return nil
  }

  static func give(_ record: Record) {
    idOf(record).pointee.store(0, ordering: .releasing)
    setState(record, COEXIST_CONTAINER_FREE)
    used.pointee.wrappingSubtract(1, ordering: .releasing)
    State.changed()
  }

  static func setState(_ record: Record, _ state: coexist_container_state) {
    withUnsafeMutablePointer(to: &record.pointee.state) {
      atomic($0).pointee.store(state.rawValue, ordering: .releasing)
    }
    State.changed()
  }

  static func idOf(_ record: Record) -> UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &record.pointee.id) { atomic($0) }
  }

  private static var used: UnsafeMutablePointer<Atomic<UInt64>> {
    withUnsafeMutablePointer(to: &State.shared.pointee.containers_used) { atomic($0) }
  }
}
