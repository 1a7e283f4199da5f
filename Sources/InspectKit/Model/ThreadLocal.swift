import CCoexist

/// Contexts of thread-local state, and the loaded objects that have some.
public struct ThreadLocal: Sendable, Equatable {
  public enum Policy: UInt32, Sendable {
    case undecided, native, context, copy, entered, proxy, register
  }

  public enum Reason: UInt32, Sendable {
    case `default`, asked, system, program, allocator, host, runtime, initialExec, manifest
    case descriptors, refused
  }

  public struct Module: Sendable, Equatable {
    public var id = 0
    public var name = ""
    /// Bytes of one block.
    public var size: UInt64 = 0
    public var policy = Policy.undecided
    public var reason = Reason.default
    /// Living in contexts.
    public var blocks: UInt64 = 0
    /// Of `size`, what is exchanged at each switch.
    public var copied: UInt64 = 0
  }

  public var contexts: UInt64 = 0
  public var made: UInt64 = 0
  /// Of the living ones, found by their stack.
  public var stacks: UInt64 = 0
  public var modules: [Module] = []
  /// Bytes that glibc keeps in each thread for initial-exec variables, and how many are taken;
  /// 0 = not known.
  public var staticSize: UInt64 = 0
  public var staticUsed: UInt64 = 0
}

extension State {
  private func copied(_ id: UInt64, _ from: UnsafeMutablePointer<coexist_tls_state>) -> UInt64 {
    if id == from.pointee.copied_module { return from.pointee.ranges_size }
    let count = min(from.pointee.ranges_count, UInt64(COEXIST_TLS_RANGES_MAX))
    return withUnsafeBytes(of: &from.pointee.ranges_module) { owners in
      withUnsafeBytes(of: &from.pointee.ranges) { ranges in
        let owners = owners.bindMemory(to: UInt16.self)
        let ranges = ranges.bindMemory(to: coexist_tls_range.self)
        return (0..<Int(count)).reduce(0) { sum, index in
          UInt64(owners[index]) == id ? sum &+ UInt64(ranges[index].size) : sum
        }
      }
    }
  }

  mutating func decodeThreadLocal(_ raw: UnsafeMutablePointer<coexist_state>) {
    let from = raw.pointer(to: \.tls)!
    threadLocal.contexts = from.pointee.contexts
    threadLocal.made = from.pointee.contexts_made
    threadLocal.stacks = from.pointee.stacks
    threadLocal.staticSize = raw.pointee.static_tls_size
    threadLocal.staticUsed = min(raw.pointee.static_tls_used, raw.pointee.static_tls_size)
    guard from.pointee.modules_count <= UInt64(COEXIST_TLS_MODULES_MAX) else {
      damage.append("thread-local modules: \(from.pointee.modules_count)")
      return
    }
    for id in 0..<from.pointee.modules_count {
      let one = coexist_state_tls_module(raw, id)!
      guard one.pointee.map > 1 else { continue }
      guard let policy = ThreadLocal.Policy(rawValue: one.pointee.policy),
        let reason = ThreadLocal.Reason(rawValue: one.pointee.reason)
      else {
        damage.append("thread-local module \(id): policy \(one.pointee.policy)")
        continue
      }
      threadLocal.modules.append(
        ThreadLocal.Module(
          id: Int(id), name: fixedText(&one.pointee.name), size: one.pointee.size, policy: policy,
          reason: reason, blocks: one.pointee.blocks,
          copied: copied(id, from)))
    }
  }
}
