import Foundation
import Synchronization
import Testing

@preconcurrency import CCoexist
@preconcurrency import CCoexist.RCU
@testable import CoexistCoreHosted

extension CoreState {
  @Suite struct RegionsTests {
    static let code = COEXIST_REGION_CODE.rawValue
    static let data = COEXIST_REGION_DATA.rawValue
    /// Far from everything that a process maps.
    static let base: UInt64 = 0x1_0000_0000

    static func claim(_ low: UInt64, _ high: UInt64, _ runtime: UInt32, _ kind: UInt32) {
      Regions.claim(coexist_region(low: low, high: high, runtime: runtime, kind: kind))
    }

    /// Claims and releases, look-ups at every page's edges, against an array of pages.
    @Test func anySequenceAgainstPages() {
      CoreState.begin()
      var random = Seeded()
      let pages = 64
      var model = [(runtime: UInt32, kind: UInt32)?](repeating: nil, count: pages)
      var span = coexist_span()
      func address(_ page: Int) -> UInt64 { Self.base + UInt64(page) * 4096 }
      for _ in 0..<3_000 {
        let low = random.below(pages), high = low + 1 + random.below(pages - low)
        let runtime = UInt32(2 + random.below(3))
        if random.chance(1, in: 3) {
          Regions.release(address(low), address(high))
          for page in low..<high { model[page] = nil }
        } else {
          let kind = random.chance(1, in: 2) ? Self.code : Self.data
          Self.claim(address(low), address(high), runtime, kind)
          // Code stays code when its pages are closed for a moment.
          let isItsCode = (low..<high).allSatisfy {
            model[$0]?.runtime == runtime && model[$0]?.kind == Self.code
          }
          if !isItsCode { for page in low..<high { model[page] = (runtime, kind) } }
        }
        let wrong = (0..<pages).first { page in
          let expected = model[page]?.runtime ?? Runtimes.system
          return Regions.owner(of: address(page)) != expected
            || Regions.owner(of: address(page + 1) - 1) != expected
            || Ownership.owner(of: address(page), &span) != expected
        }
        #expect(wrong == nil)
        #expect(Regions.owner(of: Self.base - 1) == Runtimes.system)
        #expect(Regions.owner(of: address(pages)) == Runtimes.system)
      }
      let table = coexist_state_regions(State.shared, State.shared.pointee.region_table)!
      RegionMergeTests.expectWellFormed(table)
    }

    @Test func aFullTableKeepsWhatItHas() {
      CoreState.begin()
      for index in 0..<UInt64(COEXIST_REGIONS_MAX) + 3 {
        Self.claim(Self.base + index * 8192, Self.base + index * 8192 + 4096, 2, Self.code)
      }
      #expect(CoreState.warnings().contains { $0.hasPrefix("W204 ") })
      let last = UInt64(COEXIST_REGIONS_MAX) - 1
      #expect(Regions.owner(of: Self.base + last * 8192) == 2)
      #expect(Regions.owner(of: Self.base + (last + 1) * 8192) == Runtimes.system)
    }

    /// Readers that liburcu does not know come and go (a handler on a thread that nobody saw
    /// begin): the region must become known all the same.
    @Test func aClaimIsNotLostBesideAnUnknownReader() {
      CoreState.begin()
      let done = Atomic<Bool>(false), lost = Atomic<Int>(0)
      CoreState.onThreads(2) { thread in
        if thread == 0 {
          while !done.load(ordering: .relaxed) {
            Self.countUnknownReader(1)
            usleep(200)
            Self.countUnknownReader(-1)
            usleep(50)
          }
          return
        }
        for index in UInt64(0)..<64 {
          Self.claim(Self.base + index * 8192, Self.base + index * 8192 + 4096, 2, Self.code)
          if Regions.owner(of: Self.base + index * 8192) != 2 {
            lost.wrappingAdd(1, ordering: .relaxed)
          }
        }
        done.store(true, ordering: .relaxed)
      }
      #expect(lost.load(ordering: .relaxed) == 0)
    }

    private static func countUnknownReader(_ change: Int64) {
      withUnsafeMutablePointer(to: &coexist_unregistered) {
        _ = atomic($0).pointee.wrappingAdd(UInt64(bitPattern: change), ordering: .relaxed)
      }
    }

    /// Readers beside a writer see an owner that the page had or has, never another's.
    @Test func readersBesideAWriter() {
      CoreState.begin()
      let wrong = Atomic<Int>(0), done = Atomic<Bool>(false)
      // Page 2n belongs to runtime 2 or nobody, page 2n+1 to runtime 3 or nobody.
      CoreState.onThreads(3) { index in
        coexist_rcu_register()
        if index == 0 {
          var random = Seeded("readersBesideAWriter")
          for _ in 0..<4_000 {
            let page = UInt64(random.below(32))
            let low = Self.base + page * 4096
            if random.chance(1, in: 3) {
              Regions.release(low, low + 4096)
            } else {
              Self.claim(low, low + 4096, UInt32(2 + page % 2), Self.code)
            }
          }
          done.store(true, ordering: .releasing)
          return
        }
        var page: UInt64 = 0
        while !done.load(ordering: .acquiring) {
          page = (page + 1) % 32
          let owner = Regions.owner(of: Self.base + page * 4096 + 8)
          if owner != Runtimes.system, owner != UInt32(2 + page % 2) {
            wrong.wrappingAdd(1, ordering: .relaxed)
          }
        }
      }
      #expect(wrong.load(ordering: .relaxed) == 0)
    }
  }
}
