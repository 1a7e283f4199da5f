// error: cannot use allocating type
@_noLocks @_noAllocation
public func length(_ number: Int) -> Int {
  #if TWIN
    let text: StaticString = "number"
    return text.utf8CodeUnitCount
  #else
    let text = "number \(number)"
    return text.utf8.count
  #endif
}
