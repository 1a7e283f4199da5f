/// A stack that an address lies on: a thread's, its alternate one, or a context's.
struct KnownStack: Equatable {
  let name: String
  /// Who made the thread or context, and that as a phrase.
  let runtime: Int
  let because: String
}

extension State {
  /// Contexts first: a fiber's stack may lie on the stack of the thread that made it.
  func stack(holding address: UInt64) -> KnownStack? {
    for context in contexts where context.low <= address && address < context.high {
      return KnownStack(
        name: "the stack of context \(context.id)", runtime: context.maker,
        because: "it made the context")
    }
    for thread in threadLines {
      // By difference: a hostile size must not overflow.
      let isAlternate =
        address >= thread.alternate && address - thread.alternate < thread.alternateSize
      guard isAlternate || (thread.low <= address && address < thread.high) else { continue }
      let kind = isAlternate ? "alternate stack" : "stack"
      return KnownStack(
        name: "the \(kind) of thread \(thread.tid)", runtime: thread.creator,
        because: "it made the thread")
    }
    return nil
  }
}
