"""Contexts of coexist for Python hosts: guests' thread-local state, and stacks of any size.

    with coexist.Context() as context:
        answer = context.call(library.recurses, 10_000_000, stack_size=1 << 30)

Without libcoexist.so preloaded, `present()` is False, contexts do nothing, and `call` calls the
function where it is. The C interface, with all its rules, is coexist.h.
"""

import ctypes

__all__ = ["Context", "present", "version"]

_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)


def _find(name, result, *arguments):
    try:
        function = getattr(ctypes.CDLL(None), name)
    except AttributeError:  # not preloaded
        return None
    function.restype, function.argtypes = result, arguments
    return function


_version = _find("coexist_version", ctypes.c_char_p)
_create = _find("coexist_context_create", ctypes.c_void_p)
_enter = _find("coexist_context_enter", ctypes.c_int, ctypes.c_void_p)
_leave = _find("coexist_context_leave", ctypes.c_int, ctypes.c_void_p)
_destroy = _find("coexist_context_destroy", ctypes.c_int, ctypes.c_void_p)
_call = _find(
    "coexist_call",
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_size_t,
    _CALLBACK,
    ctypes.c_void_p,
    ctypes.c_void_p,
)


def present():
    """Is this process run under coexist?"""
    return _version is not None


def version():
    return _version().decode() if present() else None


def _check(error):
    if error:
        what = {1: "not entered here", 16: "in use"}.get(error, "failed")
        raise OSError(error, f"coexist: {what}")


class Context:
    """One logical instance of the guests' thread-local state, with a stack of its own."""

    def __init__(self):
        self._context = _create() if present() else None
        if present() and not self._context:
            raise MemoryError("coexist: no context")

    def enter(self):
        if self._context:
            _check(_enter(self._context))

    def leave(self):
        if self._context:
            _check(_leave(self._context))

    def close(self):
        if self._context:
            _check(_destroy(self._context))
            self._context = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def call(self, function, *arguments, stack_size=1 << 23):
        """function(*arguments) inside the context, on its stack (made at the first call)."""
        if not self._context:
            return function(*arguments)
        result, error = [], []

        def run(_):
            try:
                result.append(function(*arguments))
            except BaseException as raised:  # must not leave through C
                error.append(raised)

        _check(_call(self._context, stack_size, _CALLBACK(run), None, None))
        if error:
            raise error[0]
        return result[0]
