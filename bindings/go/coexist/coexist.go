// Package coexist gives goroutines a context: one logical instance of the thread-local state of
// every C library that they call through cgo.
//
// A goroutine may run on another OS thread after each cgo call, and no hook of Go's runtime says so
// to C. So the calls that belong together are named: what runs in Do finds the state that earlier
// calls of Do on this context left, on whatever thread. Without libcoexist.so preloaded, Do only
// calls its function.
package coexist

/*
#cgo CFLAGS: -I${SRCDIR}/../../../Sources/CCoexist/include
#include <coexist.h>
#include <stdlib.h>
*/
import "C"

import (
	"runtime"
	"syscall"
	"unsafe"
)

// A Context is used by one goroutine at a time.
type Context struct{ handle C.coexist_context_t }

// Present says whether libcoexist.so is preloaded.
func Present() bool { return C.coexist_present() != 0 }

// New makes a context. Close it.
func New() (*Context, error) {
	handle := C.coexist_create()
	if handle == nil && Present() {
		return nil, syscall.ENOMEM
	}
	return &Context{handle}, nil
}

// Do runs function inside the context. The goroutine stays on its OS thread meanwhile, and only
// meanwhile. The error is EBUSY while another goroutine is inside.
func (c *Context) Do(function func()) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if code := C.coexist_enter(c.handle); code != 0 {
		return syscall.Errno(code)
	}
	defer C.coexist_leave(c.handle)
	function()
	return nil
}

// Close ends the context, and what libraries keep in it. The error is EBUSY while a goroutine is
// inside.
func (c *Context) Close() error {
	if code := C.coexist_destroy(c.handle); code != 0 {
		return syscall.Errno(code)
	}
	c.handle = nil
	return nil
}

// Policy says what happens to a library's thread-local state (coexist.h).
type Policy int

const (
	Native   Policy = C.COEXIST_MODULE_NATIVE   // belongs to the OS thread
	Own      Policy = C.COEXIST_MODULE_CONTEXT  // each context has its own
	Copy     Policy = C.COEXIST_MODULE_COPY     // exchanged at each switch
	Entered  Policy = C.COEXIST_MODULE_ENTERED  // its own here, the thread's on fibers
	Proxy    Policy = C.COEXIST_MODULE_PROXY    // coexist_call runs on the context's own OS thread
	Register Policy = C.COEXIST_MODULE_REGISTER // coexist_call runs with an FS register of the context's own
)

// SetPolicy is about contexts made later. library is a SONAME; a last * matches any rest.
func SetPolicy(library string, policy Policy) error {
	name := C.CString(library)
	defer C.free(unsafe.Pointer(name))
	if code := C.coexist_policy(name, C.int(policy)); code != 0 {
		return syscall.Errno(code)
	}
	return nil
}
