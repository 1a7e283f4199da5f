import CCoexist

extension SyntheticState {
  /// A fiber, one entered by hand, a task, a virtual thread; the second line is free.
  func addContexts() {
    raw.pointee.contexts.lines_used = 5
    raw.pointee.contexts.left_out = 16
    raw.pointee.contexts.owner_offset = 0x88
    raw.pointee.inside_offset = 0x38
    let hosts = [
      COEXIST_HOST_STACK, nil, COEXIST_HOST_EXPLICIT, COEXIST_HOST_TASK, COEXIST_HOST_VIRTUAL,
    ]
    for (index, host) in hosts.enumerated() {
      let line = coexist_state_context_line(raw, UInt64(index))!
      guard let host else { continue }
      line.pointee.id = 4_321 - UInt64(index)
      line.pointee.record = 0x7f2d_0000_0000 + UInt64(index) << 8
      line.pointee.made_ns = SyntheticState.started + UInt64(index) * 30_000_000_000
      line.pointee.host = UInt8(host.rawValue)
      line.pointee.maker = host == COEXIST_HOST_STACK ? 1 : host == COEXIST_HOST_EXPLICIT ? 4 : 0
      line.pointee.blocks = 1
      line.pointee.bytes = 4_160
      coexist_context_line_module(line, 0)!.pointee = 2
    }
    let fiber = coexist_state_context_line(raw, 0)!
    fiber.pointee.low = 0x7f2e_0000_0000
    fiber.pointee.high = fiber.pointee.low + 64 << 10
    let task = coexist_state_context_line(raw, 3)!
    task.pointee.resumed = 1_200
    task.pointee.migrations = 31
    task.pointee.tid = 10_000_000
  }
}
