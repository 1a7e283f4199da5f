import CCoexist

/// A library in a namespace of its own.
public struct Container: Sendable, Equatable {
  public enum Phase: UInt32, Sendable {
    case opening = 1
    case open, sealed, closing, stuck
  }
  public var id: UInt64 = 0
  public var name = ""
  public var library = ""
  /// Number of the namespace, as the loader counts; 0 while it is being opened.
  public var namespace: Int64 = 0
  public var phase = Phase.open
  public var copies = false
  public var openedNs: UInt64 = 0
  /// Living threads that began inside; the youngest of them that there was.
  public var threads: UInt32 = 0
  public var lastThread: Int32 = 0
  /// thread_local objects of it that are to be destroyed.
  public var destructors: UInt32 = 0
  public var keys: UInt32 = 0
  public var timers: UInt32 = 0
  public var isScope = false
  public var objects: [ContainerObject] = []
  /// Why it could not be closed, when somebody tried.
  public var why = ""
}

/// A loaded object of a container.
public struct ContainerObject: Sendable, Equatable {
  public var low: UInt64 = 0
  public var high: UInt64 = 0
  /// Mapped from a copy in memory of the file.
  public var isCopy = false
  public var path = ""
}

extension State {
  /// The container that holds the address.
  func container(at address: UInt64) -> Container? {
    containers.first { $0.objects.contains { $0.low <= address && address < $0.high } }
  }

  private mutating func decodeObjects(_ raw: UnsafeMutablePointer<coexist_state>) {
    for slot in 0..<UInt64(COEXIST_CONTAINER_OBJECTS_MAX) {
      let from = coexist_state_container_object(raw, slot)!
      guard from.pointee.container != 0,
        let index = containers.firstIndex(where: { $0.id == from.pointee.container })
      else { continue }
      guard from.pointee.low < from.pointee.high else {
        damage.append("container object \(slot)")
        continue
      }
      containers[index].objects.append(
        ContainerObject(
          low: from.pointee.low, high: from.pointee.high, isCopy: from.pointee.copied != 0,
          path: fixedText(&from.pointee.path)))
    }
  }

  mutating func decodeContainers(_ raw: UnsafeMutablePointer<coexist_state>) {
    for slot in 0..<UInt64(COEXIST_CONTAINERS_MAX) {
      let from = coexist_state_container(raw, slot)!
      guard from.pointee.id != 0 else { continue }
      guard let phase = Container.Phase(rawValue: from.pointee.state), from.pointee.space >= 0
      else {
        damage.append("container \(from.pointee.id)")
        continue
      }
      var container = Container(id: from.pointee.id, phase: phase)
      container.name = fixedText(&from.pointee.name)
      container.library = fixedText(&from.pointee.library)
      container.namespace = from.pointee.space
      container.isScope = from.pointee.isolation == COEXIST_CONTAINER_SCOPE.rawValue
      container.copies = from.pointee.flags & COEXIST_CONTAINER_COPIES.rawValue != 0
      container.openedNs = from.pointee.opened_ns
      container.threads = from.pointee.threads
      container.lastThread = from.pointee.last_thread
      container.destructors = from.pointee.destructors
      container.keys = from.pointee.keys
      container.timers = from.pointee.timers
      container.why = fixedText(&from.pointee.why)
      containers.append(container)
    }
    containers.sort { $0.id < $1.id }
    decodeObjects(raw)
  }
}
