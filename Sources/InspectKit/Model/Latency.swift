/// Percentiles of a histogram whose bucket b counts durations in [2^b, 2^(b+1)) ns.
struct Latency: Encodable, Equatable {
  let median: UInt64
  let p99: UInt64

  /// nil when nothing was counted.
  init?(_ buckets: [UInt32]) {
    let total = buckets.reduce(UInt64(0)) { $0 + UInt64($1) }
    guard total > 0 else { return nil }
    median = Latency.percentile(50, buckets, total)
    p99 = Latency.percentile(99, buckets, total)
  }

  /// Spread evenly inside its bucket, which is right within a factor of two.
  private static func percentile(_ percent: UInt64, _ buckets: [UInt32], _ total: UInt64) -> UInt64
  {
    let rank = max(1, (total * percent + 99) / 100)
    var before: UInt64 = 0
    for (index, count) in buckets.enumerated() where count > 0 {
      if before + UInt64(count) >= rank {
        let low = UInt64(1) << UInt64(index)
        return low + low * (rank - before) / UInt64(count)
      }
      before += UInt64(count)
    }
    return 0
  }
}
