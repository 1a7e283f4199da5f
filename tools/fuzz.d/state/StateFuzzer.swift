import CCoexist

/// libFuzzer's entry: the input is a list of patches to a state that is empty but for its header,
/// each an offset (3 bytes), a length (1 byte) and so many bytes. A first byte with its low bit set
/// cuts the file at the offset of the last patch. Whatever comes out, reading and rendering it must
/// neither crash nor hang.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzState(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  let input = UnsafeBufferPointer(start: data, count: size)
  guard let kind = input.first else { return 0 }
  var bytes = emptyState()
  var position = 1
  var offset = 0
  while position + 4 <= input.count {
    offset =
      (Int(input[position]) | Int(input[position + 1]) << 8 | Int(input[position + 2]) << 16)
      % bytes.count
    let length = Int(input[position + 3])
    position += 4
    for byte in input[position..<min(position + length, input.count)] {
      bytes[offset] = byte
      offset = (offset + 1) % bytes.count
    }
    position += length
  }
  if kind & 1 == 1 { bytes.removeLast(bytes.count - offset) }
  look(bytes)
  return 0
}

private func emptyState() -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: StateImage.size)
  bytes.withUnsafeMutableBytes { raw in
    raw.storeBytes(of: COEXIST_STATE_MAGIC, as: UInt64.self)
    raw.storeBytes(of: COEXIST_STATE_VERSION, toByteOffset: 8, as: UInt32.self)
    raw.storeBytes(of: UInt32(StateImage.size), toByteOffset: 12, as: UInt32.self)
  }
  return bytes
}

private func look(_ bytes: [UInt8]) {
  guard let image = try? StateImage(bytes) else { return }
  var state = State(image)
  // The configuration that a state names is a file of this machine; its reader has its own fuzzer.
  state.settings.path = ""
  let subject = Subject(state: state, life: .ended, path: "fuzz")
  let surroundings = Surroundings(variables: [:], directory: "/", user: 0, now: 0)
  let style = Style(colour: false, width: 80)
  let status = StatusReport(subject, surroundings)
  _ = status.render(style) + json(status)
  let signals = SignalsReport(subject, only: nil, all: true, symbols: NoSymbols(), surroundings)
  _ = signals.render(style) + json(signals)
  for event in state.events.suffix(2) {
    let why = SignalExplanation(
      subject, signal: event.signal, last: 4, symbols: NoSymbols(), surroundings)
    _ = why.render(style) + json(why)
  }
  if let region = state.regions.first {
    _ = try? AddressExplanation(
      subject, address: region.low, symbols: NoSymbols(), surroundings
    ).render(style)
  }
}

private struct NoSymbols: Symbolizer {
  func locate(_ address: UInt64) -> Location? { nil }
}
