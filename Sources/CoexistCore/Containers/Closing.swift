import CCoexist
import Synchronization

/// Whether a container may end. It may when nobody can come back into its code: no thread that
/// began inside, and no thread_local object of it waiting on another thread.
enum Closing {
  static func step(_ id: UInt64, lastTry: Bool, why: inout Text) -> coexist_closing {
    guard let record = Containers.find(id) else {
      why.add("no such container: it was closed before")
      return COEXIST_CLOSING_REFUSED
    }
    let state = record.pointee.state
    guard state == COEXIST_CONTAINER_OPEN.rawValue || state == COEXIST_CONTAINER_SEALED.rawValue
    else {
      refuse(record, "it is being opened, or closed by somebody else", &why)
      return COEXIST_CLOSING_REFUSED
    }
    let threads = load(&record.pointee.threads)
    let destructors = load(&record.pointee.destructors)
    if threads == 0, destructors == 0 {
      Containers.setState(record, COEXIST_CONTAINER_CLOSING)
      return COEXIST_CLOSING_GO
    }
    guard lastTry else { return COEXIST_CLOSING_WAIT }
    say(record, &why) {
      if threads > 0 {
        $0.add(decimal: Int64(threads))
        $0.add(threads == 1 ? " thread" : " threads")
        $0.add(" of it still run, the youngest is ")
        $0.add(decimal: Int64(record.pointee.last_thread))
      }
      if destructors > 0 {
        if threads > 0 { $0.add("; ") }
        $0.add(decimal: Int64(destructors))
        $0.add(" thread_local objects of it wait for other threads to end")
      }
    }
    return COEXIST_CLOSING_REFUSED
  }

  /// glibc would keep an object, so nothing of the container is unloaded and it goes on.
  static func pinned(
    _ id: UInt64, object: UnsafePointer<CChar>, reason: UnsafePointer<CChar>, why: inout Text
  ) {
    guard let record = Containers.find(id) else { return }
    say(record, &why) {
      $0.add("the loader never unloads ")
      $0.add(name: object)
      $0.add(": ")
      $0.add(name: reason)
      $0.add("; open the container with private copies")
    }
  }

  /// glibc kept an object: its namespace stays in use.
  static func stuck(_ id: UInt64, object: UnsafePointer<CChar>, why: inout Text) {
    guard let record = Containers.find(id) else { return }
    Containers.setState(record, COEXIST_CONTAINER_STUCK)
    say(record, &why) {
      $0.add("closed, but somebody still has a handle to ")
      $0.add(name: object)
    }
  }

  private static func refuse(
    _ record: Containers.Record, _ text: StaticString, _ why: inout Text
  ) { say(record, &why) { $0.add(text) } }

  /// The same sentence for the caller and for the inspector.
  private static func say(
    _ record: Containers.Record, _ why: inout Text, _ write: (inout Text) -> Void
  ) {
    withUnsafeMutableBytes(of: &record.pointee.why) { bytes in
      var text = Text(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), size: bytes.count)
      write(&text)
    }
    write(&why)
  }

  private static func load(_ counter: UnsafeMutablePointer<UInt32>) -> UInt32 {
    atomic(counter).pointee.load(ordering: .acquiring)
  }
}
