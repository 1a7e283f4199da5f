import CCoexist

/// The pure function behind `Regions`: (old table, range, new region) → new table.
enum RegionMerge {
  /// False when the result does not fit.
  static func build(
    _ old: UnsafeMutablePointer<coexist_region_table>, _ low: UInt64, _ high: UInt64,
    _ new: coexist_region?, into table: UnsafeMutablePointer<coexist_region_table>
  ) -> Bool {
    table.pointee.count = 0
    var pending = new
    for index in 0..<old.pointee.count {
      let region = coexist_region_at(old, index)!.pointee
      if let now = pending, now.low <= region.low {
        guard append(now, to: table) else { return false }
        pending = nil
      }
      if region.low < low {
        guard append(cut(region, region.low, min(region.high, low)), to: table) else {
          return false
        }
      }
      if let now = pending, now.low < region.high {
        guard append(now, to: table) else { return false }
        pending = nil
      }
      if region.high > high {
        guard append(cut(region, max(region.low, high), region.high), to: table) else {
          return false
        }
      }
    }
    if let now = pending { return append(now, to: table) }
    return true
  }

  private static func cut(
    _ region: coexist_region, _ low: UInt64, _ high: UInt64
  ) -> coexist_region {
    var part = region
    part.low = low
    part.high = high
    return part
  }

  /// Appends, joining with the last one when they touch and are alike.
  private static func append(
    _ region: coexist_region, to table: UnsafeMutablePointer<coexist_region_table>
  ) -> Bool {
    guard region.low < region.high else { return true }
    let count = table.pointee.count
    if count > 0 {
      let last = coexist_region_at(table, count &- 1)!
      if last.pointee.high == region.low, last.pointee.runtime == region.runtime,
        last.pointee.kind == region.kind
      {
        last.pointee.high = region.high
        return true
      }
    }
    guard count < UInt64(COEXIST_REGIONS_MAX) else { return false }
    coexist_region_at(table, count)!.pointee = region
    table.pointee.count = count &+ 1
    return true
  }
}
