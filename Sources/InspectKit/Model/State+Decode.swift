import CCoexist

/// Decoding: every index and enumeration is checked before it is used; what fails is left out and
/// noted in `damage`, so that one broken record hides no other.
extension State {
  /// `later` is a second reading of the same file, made after `image`: an event counts only if its
  /// sequence was the same in both, because then nobody wrote to it in between.
  init(_ image: StateImage, later: StateImage? = nil) {
    let raw = image.state
    version = Int(raw.pointee.version)
    libraryVersion = fixedText(&raw.pointee.library_version)
    pid = Int(clamping: raw.pointee.pid)
    startTicks = raw.pointee.start_ticks
    startedNs = raw.pointee.started_ns
    user = UInt32(truncatingIfNeeded: raw.pointee.uid)
    program = fixedText(&raw.pointee.program)
    threads = raw.pointee.threads
    generation = raw.pointee.generation
    decodeSettings(raw)
    decodeRuntimes(raw)
    decodeSignals(raw)
    decodeEvents(raw, later: later?.state)
    decodeWarnings(raw, later: later?.state)
    decodeRegions(raw)
    decodeContainers(raw)
    decodeThreadLocal(raw)
    decodeStacks(raw)
    decodeContexts(raw)
  }

  private mutating func decodeSettings(_ raw: UnsafeMutablePointer<coexist_state>) {
    let from = raw.pointer(to: \.settings)!
    if let mode = Mode(rawValue: from.pointee.mode) {
      settings.mode = mode
    } else {
      damage.append("settings: mode \(from.pointee.mode)")
    }
    settings.keys = Int(from.pointee.keys)
    settings.problems = Int(from.pointee.problems)
    settings.rules = Int(from.pointee.rules)
    settings.path = fixedText(&from.pointee.path)
    settings.options = fixedText(&from.pointee.options)
  }

  private mutating func decodeRuntimes(_ raw: UnsafeMutablePointer<coexist_state>) {
    for number in 0..<Int(COEXIST_RUNTIMES_MAX) {
      let from = coexist_state_runtime(raw, UInt64(number))!
      guard from.pointee.present != 0 else { continue }
      var runtime = Runtime(number: number)
      runtime.name = fixedText(&from.pointee.name)
      runtime.library = fixedText(&from.pointee.library)
      runtime.base = from.pointee.base
      runtime.sinceNs = from.pointee.since_ns
      runtime.claimed = from.pointee.claimed
      runtime.declined = from.pointee.declined
      runtime.traits = RuntimeTraits(from.pointee.traits)
      runtime.instance = Int(from.pointee.instance)
      if runtime.name.isEmpty { runtime.name = name(ofRuntime: number) }
      runtimes.append(runtime)
    }
  }

  private mutating func decodeSignals(_ raw: UnsafeMutablePointer<coexist_state>) {
    for number in 1..<Int(COEXIST_SIGNALS_MAX) {
      let from = coexist_state_signal(raw, UInt64(number))!
      var signal = Signal(number: number)
      signal.delivered = from.pointee.delivered
      signal.defaulted = from.pointee.defaulted
      if let installed = Installed(rawValue: from.pointee.installed) {
        signal.installed = installed
      } else {
        damage.append("signal \(number): installed \(from.pointee.installed)")
      }
      signal.installedRuntime = Int(from.pointee.installed_runtime % UInt32(COEXIST_RUNTIMES_MAX))
      signal.latency = fixedArray(&from.pointee.latency, of: UInt32.self)
      let indexes = fixedArray(&from.pointee.link, of: UInt16.self)
      let claimed = fixedArray(&from.pointee.claimed, of: UInt64.self)
      for runtime in indexes.indices where indexes[runtime] != 0 {
        if let link = decodeLink(raw, Int(indexes[runtime]), signal: number, runtime: runtime) {
          signal.links.append(link)
          signal.links[signal.links.count - 1].claimed = claimed[runtime]
        }
      }
      signals.append(signal)
    }
  }

  private mutating func decodeLink(
    _ raw: UnsafeMutablePointer<coexist_state>, _ index: Int, signal: Int, runtime: Int
  ) -> Link? {
    guard index < Int(COEXIST_ACTIONS_MAX) else {
      damage.append("signal \(signal): action \(index)")
      return nil
    }
    let action = coexist_state_action(raw, UInt64(index))!.pointee
    guard Int(action.signal) == signal, Int(action.runtime) == runtime else {
      damage.append("signal \(signal): action \(index) belongs to signal \(action.signal)")
      return nil
    }
    return Link(
      runtime: runtime, handler: action.handler, flags: action.flags, mask: action.mask,
      askedNs: action.asked_ns, askedFrom: action.asked_from, sequence: action.sequence)
  }
}

extension RuntimeTraits {
  /// nil = not in the writer's catalogue. Words of a newer writer are as good as none.
  init?(_ bits: UInt16) {
    guard bits & UInt16(COEXIST_TRAIT_KNOWN.rawValue) != 0 else { return nil }
    claims = Claims(rawValue: bits >> UInt16(COEXIST_TRAIT_CLAIMS_SHIFT.rawValue) & 0xF) ?? .unknown
    passes = Passes(rawValue: bits >> UInt16(COEXIST_TRAIT_PASSES_SHIFT.rawValue) & 0xF) ?? .never
    bottomAborts = bits & UInt16(COEXIST_TRAIT_BOTTOM_ABORTS.rawValue) != 0
    isConfigured = bits & UInt16(COEXIST_TRAIT_CONFIGURED.rawValue) != 0
  }
}

/// A fixed char array: up to its NUL or its end, repaired to UTF-8, made printable.
func fixedText<Tuple>(_ array: inout Tuple) -> String {
  withUnsafeBytes(of: &array) { bytes in
    printable(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
  }
}

/// A fixed array of integers, copied.
func fixedArray<Tuple, Element: BitwiseCopyable>(
  _ array: inout Tuple, of type: Element.Type
) -> [Element] {
  withUnsafeBytes(of: &array) { Array($0.bindMemory(to: Element.self)) }
}
