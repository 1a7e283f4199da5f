import Testing

@preconcurrency import CCoexist
@testable import CoexistCoreHosted

@Suite struct TextTests {
  /// What is written into `size` bytes; the bytes behind them must stay as they were.
  private func written(_ size: Int = 80, _ write: (inout Text) -> Void) -> String {
    let guardByte: CChar = 0x55
    let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: size + 8)
    defer { buffer.deallocate() }
    buffer.initialize(repeating: guardByte)
    var text = Text(buffer.baseAddress!, size: size)
    write(&text)
    #expect(buffer[size...].allSatisfy { $0 == guardByte })
    #expect(buffer[text.length] == 0)
    return String(cString: buffer.baseAddress!)
  }

  @Test func numbersAsSwiftWritesThem() {
    var random = Seeded()
    var numbers: [Int64] = [0, 1, -1, 9, 10, 99, 100, .max, .min, .max - 1, .min + 1]
    for _ in 0..<5000 {
      numbers.append(Int64(bitPattern: random.next()) >> Int64(random.below(64)))
    }
    for number in numbers {
      #expect(written { $0.add(decimal: number) } == String(number))
      let bits = UInt64(bitPattern: number)
      #expect(written { $0.add(hex: bits) } == "0x" + String(bits, radix: 16))
    }
  }

  @Test func whatDoesNotFitIsCut() {
    let all = "SIGSEGV at 0x1234abcd: -5"
    for size in 1...40 {
      let text = written(size) {
        $0.add("SIGSEGV at ")
        $0.add(hex: 0x1234_ABCD)
        $0.add(": ")
        $0.add(decimal: -5)
      }
      #expect(text == String(all.prefix(size - 1)))
    }
  }

  /// Names come from strangers' files: no byte of them may reach a terminal as a control sequence.
  @Test func namesShowOnlyPrintableBytes() {
    let name: [CChar] = (1...255).map { CChar(bitPattern: UInt8($0)) } + [0]
    let shown = written(300) { $0.add(name: name) }
    #expect(shown.utf8.count == 255)
    #expect(shown.utf8.allSatisfy { $0 >= 32 && $0 < 127 })
    #expect(shown.contains("ABCxyz".prefix(3)))
    let long = [CChar](repeating: 65, count: 1000) + [0]
    #expect(written(2000) { $0.add(name: long) }.utf8.count == 256)
  }
}
