import CCoexist

/// `[[signals.rule]]`: the first rule that names the signal decides who is asked first.
enum Rules {
  /// Index + 1 of the rule, 0 = none.
  @_noLocks @_noAllocation @inline(__always)
  static func index(for signal: Int32) -> UInt32 {
    for index in 0..<coexist_the_config().pointee.rules_count
    where coexist_rule_at(index)!.pointee.signals & signalBit(signal) != 0 {
      return index &+ 1
    }
    return 0
  }

  @_noLocks @_noAllocation @inline(__always)
  static func next(
    _ dispatch: UnsafeMutablePointer<coexist_dispatch>, _ claimants: UInt64
  ) -> UInt32? {
    guard dispatch.pointee.rule > 0 else { return nil }
    let rule = dispatch.pointee.rule &- 1
    for place in 0..<coexist_rule_at(rule)!.pointee.order_count {
      if let runtime = Runtimes.named(coexist_rule_name(rule, place)),
        claimants & bit(runtime) & ~dispatch.pointee.asked != 0
      {
        return runtime
      }
    }
    return nil
  }

  @_noLocks @_noAllocation @inline(__always)
  static func asksAll(_ dispatch: UnsafeMutablePointer<coexist_dispatch>) -> Bool {
    guard dispatch.pointee.rule > 0 else { return false }
    return coexist_rule_at(dispatch.pointee.rule &- 1)!.pointee.until
      == COEXIST_UNTIL_ALL.rawValue
  }
}
