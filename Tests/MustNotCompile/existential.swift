// error: cannot use a value of protocol type
public protocol Ranked {
  var rank: Int { get }
}
public struct First: Ranked {
  public var rank: Int { @_noLocks @_noAllocation get { 1 } }
}

#if TWIN
  @_noLocks @_noAllocation
  public func rank(_ ranked: First) -> Int { ranked.rank }
#else
  @_noLocks @_noAllocation
  public func rank(_ ranked: any Ranked) -> Int { ranked.rank }
#endif
