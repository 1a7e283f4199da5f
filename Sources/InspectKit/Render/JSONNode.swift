/// What one value is encoded into; closed when it has been.
final class JSONNode: Encoder {
  let text: JSONText
  private let keepsKeys: Bool
  private var kind = Kind.value
  @exclusivity(unchecked) private(set) var count = 0
  @exclusivity(unchecked) private var members: [JSONText.Member] = []

  private enum Kind { case value, list, object }

  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ text: JSONText, keepsKeys: Bool) {
    self.text = text
    self.keepsKeys = keepsKeys
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    kind = .object
    text.open("{")
    return KeyedEncodingContainer(JSONObject<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    kind = .list
    text.open("[")
    return JSONList(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { JSONValue(text: text) }

  func member(_ key: String) -> JSONText {
    let name = text.name(key, keeps: keepsKeys)
    members.append((name, text.item(isFirst: members.isEmpty)))
    text.append(name)
    return text
  }

  func element() -> JSONText {
    _ = text.item(isFirst: count == 0)
    count += 1
    return text
  }

  func close() {
    switch kind {
    case .value: break
    case .list: text.close("]", isEmpty: count == 0)
    case .object:
      text.sort(members)
      text.close("}", isEmpty: members.isEmpty)
    }
  }
}

private struct JSONObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { node.member(key.stringValue).append(literal: "null") }
  func encode(_ value: Bool, forKey key: Key) { node.member(key.stringValue).append(flag: value) }
  func encode(_ value: String, forKey key: Key) { node.member(key.stringValue).append(text: value) }

  func encode(_ value: some FixedWidthInteger & Encodable, forKey key: Key) {
    node.member(key.stringValue).append(number: value)
  }

  func encode(_ value: some Encodable, forKey key: Key) {
    node.member(key.stringValue).append(value)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { unused() }
  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { unused() }
  func superEncoder() -> any Encoder { unused() }
  func superEncoder(forKey key: Key) -> any Encoder { unused() }
}

private struct JSONList: UnkeyedEncodingContainer {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }
  var count: Int { node.count }

  func encodeNil() { node.element().append(literal: "null") }
  func encode(_ value: Bool) { node.element().append(flag: value) }
  func encode(_ value: String) { node.element().append(text: value) }
  func encode(_ value: some FixedWidthInteger & Encodable) { node.element().append(number: value) }
  func encode(_ value: some Encodable) { node.element().append(value) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> { unused() }
  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { unused() }
  func superEncoder() -> any Encoder { unused() }
}

private struct JSONValue: SingleValueEncodingContainer {
  let text: JSONText
  var codingPath: [any CodingKey] { [] }

  func encodeNil() { text.append(literal: "null") }
  func encode(_ value: Bool) { text.append(flag: value) }
  func encode(_ value: String) { text.append(text: value) }
  func encode(_ value: some FixedWidthInteger & Encodable) { text.append(number: value) }
  func encode(_ value: Double) { unused() }
  func encode(_ value: Float) { unused() }
  func encode(_ value: some Encodable) { text.append(value) }
}

/// What no report has: fractions, and the containers that only encoding by hand asks for.
private func unused() -> Never { preconditionFailure("a report with a value of an unknown kind") }
