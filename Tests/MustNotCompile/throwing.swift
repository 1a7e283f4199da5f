// error: cannot use a value of protocol type
// An untyped error is an existential in a box.
public enum Failure: Error { case full }

#if TWIN
  @_noLocks @_noAllocation
  public func take() throws(Failure) -> Int { throw Failure.full }
#else
  @_noLocks @_noAllocation
  public func take() throws -> Int { throw Failure.full }
#endif
