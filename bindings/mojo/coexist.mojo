"""Contexts of coexist for Mojo: guests' thread-local state, and stacks of any size.

Nothing is linked: the functions are looked up in the process. Without libcoexist.so preloaded a
`Context` does nothing, and `call` calls the function where it is. The C interface, with all its
rules, is `coexist.h`.

    def deep(levels: Int) abi("C") -> Int:
        return external_call["guest_deep", Int](levels)

    var context = Context()
    var answer = context.call(deep, 1000000, stack_size=1 << 30)
    context^.close()
"""
from std.ffi import external_call

comptime Body = def (Int) thin abi("C") -> Int
comptime _New = def () thin abi("C") -> Int
comptime _Of = def (Int) thin abi("C") -> Int
comptime _Call = def (Int, Int, Body, Int, Int) thin abi("C") -> Int


def _find(name: StaticString) -> Int:
    # A null handle is RTLD_DEFAULT.
    return external_call["dlsym", Int](Int(0), name.unsafe_ptr())


def _as[T: TrivialRegisterPassable](address: Int) -> T:
    var word = address
    return Pointer(to=word).unsafe_bitcast[T]()[]


def present() -> Bool:
    """Is this process run under coexist?"""
    return _find("coexist_version") != 0


def _check(what: StaticString, error: Int) raises:
    # An int is 32 bits.
    if error & 0xFFFFFFFF != 0:
        raise Error("coexist: ", what, ": errno ", error & 0xFFFFFFFF)


struct Context(Movable):
    """One logical instance of the guests' thread-local state, with a stack of its own. It may enter
    any thread, one at a time."""

    var _context: Int

    def __init__(out self) raises:
        self._context = 0
        var create = _find("coexist_context_create")
        if create != 0:
            self._context = _as[_New](create)()
            if self._context == 0:
                raise Error("coexist: no memory for a context")

    def enter(self) raises:
        if self._context != 0:
            _check("enter", _as[_Of](_find("coexist_context_enter"))(self._context))

    def leave(self) raises:
        if self._context != 0:
            _check("leave", _as[_Of](_find("coexist_context_leave"))(self._context))

    def call(self, body: Body, argument: Int, stack_size: Int = 1 << 23) raises -> Int:
        """Runs body(argument) inside the context, on its stack (made at the first call)."""
        if self._context == 0:
            return body(argument)
        var result = 0
        _check(
            "call",
            _as[_Call](_find("coexist_call"))(
                self._context, stack_size, body, argument, Int(Pointer(to=result))
            ),
        )
        return result

    def close(deinit self) raises:
        """Ends it: destructors of its thread-local objects run. Not while somebody is inside."""
        if self._context != 0:
            _check("destroy", _as[_Of](_find("coexist_context_destroy"))(self._context))
