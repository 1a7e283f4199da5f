import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

/// Against a model that knows one owner and one kind a page.
@Suite struct RegionMergeTests {
  typealias Table = UnsafeMutablePointer<coexist_region_table>

  static func regions(_ table: Table) -> [coexist_region] {
    (0..<table.pointee.count).map { coexist_region_at(table, $0).pointee }
  }

  /// Sorted, no overlap, nothing empty, neighbours of one kind joined.
  static func expectWellFormed(_ table: Table) {
    let all = regions(table)
    for region in all { #expect(region.low < region.high) }
    for (left, right) in zip(all, all.dropFirst()) {
      #expect(left.high <= right.low)
      let alike = left.runtime == right.runtime && left.kind == right.kind
      #expect(!(alike && left.high == right.low), "not joined at \(hex(right.low))")
    }
  }

  @Test func anySequenceOfRanges() {
    var random = Seeded()
    let pages = 120
    for _ in 0..<20 {
      var tables = (0..<2).map { _ in Table.allocate(capacity: 1) }
      defer { tables.forEach { $0.deallocate() } }
      tables[0].pointee.count = 0
      var model = [(runtime: UInt32, kind: UInt32)?](repeating: nil, count: pages)
      for _ in 0..<500 {
        let low = random.below(pages), high = low + random.below(pages - low + 1)
        let runtime = UInt32(2 + random.below(3)), kind = UInt32(1 + random.below(2))
        let isRelease = random.chance(1, in: 3)
        let new = coexist_region(
          low: UInt64(low), high: UInt64(high), runtime: runtime, kind: kind)
        #expect(
          RegionMerge.build(
            tables[0], UInt64(low), UInt64(high), isRelease ? nil : new, into: tables[1]))
        tables.swapAt(0, 1)
        for page in low..<high { model[page] = isRelease ? nil : (runtime, kind) }
        Self.expectWellFormed(tables[0])
        var seen = [(runtime: UInt32, kind: UInt32)?](repeating: nil, count: pages)
        for region in Self.regions(tables[0]) {
          for page in region.low..<region.high {
            seen[Int(page)] = (region.runtime, region.kind)
          }
        }
        let same = zip(seen, model).allSatisfy {
          $0?.runtime == $1?.runtime && $0?.kind == $1?.kind
        }
        #expect(same)
      }
    }
  }

  @Test func aFullTableIsRefused() {
    let old = Table.allocate(capacity: 1), new = Table.allocate(capacity: 1)
    defer { old.deallocate(); new.deallocate() }
    let max = UInt64(COEXIST_REGIONS_MAX)
    for index in 0..<max {
      coexist_region_at(old, index).pointee = coexist_region(
        low: 10 * index, high: 10 * index + 5, runtime: 2, kind: 1)
    }
    old.pointee.count = max
    func claim(_ low: UInt64, _ high: UInt64, _ runtime: UInt32) -> Bool {
      let region = coexist_region(low: low, high: high, runtime: runtime, kind: 1)
      return RegionMerge.build(old, low, high, region, into: new)
    }
    #expect(!claim(10 * max, 10 * max + 1, 2), "one more")
    #expect(!claim(1, 2, 3), "splits one into three")
    #expect(claim(5, 10, 2), "joins two")
    #expect(new.pointee.count == max - 1)
    #expect(claim(0, 5, 3), "replaces one")
    #expect(RegionMerge.build(old, 0, 10 * max, nil, into: new))
    #expect(new.pointee.count == 0)
  }
}
