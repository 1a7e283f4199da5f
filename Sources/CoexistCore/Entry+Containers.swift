import CCoexist

// The containers' part of Entry.swift.

@c(coexist_core_container_begin) @implementation
public func coexist_core_container_begin(
  _ name: UnsafePointer<CChar>!, _ library: UnsafePointer<CChar>!, _ isolation: UInt32,
  _ flags: UInt32, _ spacesUsed: UInt32, _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) -> UInt64 {
  var text = Text(why, size: size)
  return Opening.begin(
    name: name, library: library, isolation: isolation, flags: flags, spacesUsed: spacesUsed,
    why: &text)
}

@c(coexist_core_container_opened) @implementation
public func coexist_core_container_opened(
  _ id: UInt64, _ root: UInt64, _ target: UInt64, _ space: Int64
) { Opening.opened(id, root: root, target: target, space: space) }

@c(coexist_core_container_forget) @implementation
public func coexist_core_container_forget(_ id: UInt64) {
  if let record = Containers.find(id) { Containers.give(record) }
}

@c(coexist_core_container_find) @implementation
public func coexist_core_container_find(
  _ id: UInt64
) -> UnsafeMutablePointer<coexist_container_record>! { Containers.find(id) }

@c(coexist_core_container_in) @implementation
public func coexist_core_container_in(
  _ space: Int64
) -> UnsafeMutablePointer<coexist_container_record>! { Containers.inside(space) }

@c(coexist_core_container_seal) @implementation
public func coexist_core_container_seal(_ id: UInt64) -> Int32 {
  guard let record = Containers.find(id),
    record.pointee.state == COEXIST_CONTAINER_OPEN.rawValue
  else { return -1 }
  Containers.setState(record, COEXIST_CONTAINER_SEALED)
  return 0
}

@c(coexist_core_container_closing) @implementation
public func coexist_core_container_closing(
  _ id: UInt64, _ lastTry: Int32, _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) -> UInt32 {
  var text = Text(why, size: size)
  return Closing.step(id, lastTry: lastTry != 0, why: &text).rawValue
}

@c(coexist_core_container_stuck) @implementation
public func coexist_core_container_stuck(
  _ id: UInt64, _ object: UnsafePointer<CChar>!, _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) {
  var text = Text(why, size: size)
  Closing.stuck(id, object: object, why: &text)
}

@c(coexist_core_container_pinned) @implementation
public func coexist_core_container_pinned(
  _ id: UInt64, _ object: UnsafePointer<CChar>!, _ reason: UnsafePointer<CChar>!,
  _ why: UnsafeMutablePointer<CChar>!, _ size: Int
) {
  var text = Text(why, size: size)
  Closing.pinned(id, object: object, reason: reason, why: &text)
}
