import CCoexistAPI
import Glibc

/// The functions of `coexist.h`, as the preload has them.
struct Functions {
  typealias Start = @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
  let create: @convention(c) () -> OpaquePointer?
  let enter: @convention(c) (OpaquePointer) -> Int32
  let leave: @convention(c) (OpaquePointer) -> Int32
  let destroy: @convention(c) (OpaquePointer) -> Int32
  let current: @convention(c) () -> OpaquePointer?
  let policy: @convention(c) (UnsafePointer<CChar>, Int32) -> Int32
  let call:
    @convention(c) (
      OpaquePointer, Int, Start, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
    ) -> Int32
  let share: @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer?) -> Int32
  let pin: @convention(c) (UnsafeRawPointer?) -> coexist_pin_t
  let unpin: @convention(c) (coexist_pin_t) -> Int32
  let pinned: @convention(c) (coexist_pin_t) -> UnsafeRawPointer?
  let region: @convention(c) (UnsafeMutableRawPointer?, Int) -> Int32
  let regionEnd: @convention(c) (UnsafeRawPointer?) -> Int32

  static let found: Functions? = {
    guard let create = dlsym(nil, "coexist_context_create") else { return nil }
    func named<Function>(_ name: String, _: Function.Type = Function.self) -> Function {
      unsafeBitCast(dlsym(nil, "coexist_" + name)!, to: Function.self)
    }
    return Functions(
      create: unsafeBitCast(create, to: (@convention(c) () -> OpaquePointer?).self),
      enter: named("context_enter"), leave: named("context_leave"),
      destroy: named("context_destroy"), current: named("context_current"),
      policy: named("module_policy"), call: named("call"), share: named("share"),
      pin: named("pin_add"), unpin: named("pin_remove"), pinned: named("pin_object"),
      region: named("region_add"), regionEnd: named("region_remove"))
  }()
}
