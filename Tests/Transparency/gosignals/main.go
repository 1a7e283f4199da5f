// Whatever Go does with signals and with C, of which every answer is known. `crash` dies in C,
// `panic` of a nil pointer, `quit` of a SIGQUIT.
package main

/*
#cgo CFLAGS: -O1 -g
#cgo LDFLAGS: -pthread
#include "c.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

var called int64
var nothing *int

//export goCalled
func goCalled(value C.int) C.int {
	atomic.AddInt64(&called, 1)
	if value%2 == 0 {
		return C.int(faults(1))
	}
	return 1
}

// Nil pointers that are recovered from.
func faults(count int) (recovered int) {
	for n := 0; n < count; n++ {
		func() {
			defer func() {
				if recover() != nil {
					recovered++
				}
			}()
			*nothing = 1
		}()
	}
	return
}

func raise(number syscall.Signal) { syscall.Kill(os.Getpid(), number) }

func received(channel chan os.Signal) string {
	select {
	case number := <-channel:
		return number.String()
	case <-time.After(10 * time.Second):
		return "nothing"
	}
}

func handlers() {
	channel := make(chan os.Signal, 1)
	for _, number := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGHUP, syscall.SIGINT,
		syscall.SIGWINCH, syscall.SIGPIPE, syscall.SIGSEGV, syscall.Signal(40)} {
		signal.Notify(channel, number)
		raise(number)
		fmt.Println("notified of", received(channel))
		signal.Reset(number)
	}
	signal.Ignore(syscall.SIGHUP)
	raise(syscall.SIGHUP)
	fmt.Println("ignored:", signal.Ignored(syscall.SIGHUP))
	output, _ := exec.Command("/bin/sh", "-c", "trap 'echo caught' HUP; kill -HUP $$; echo on").Output()
	fmt.Printf("a child that inherits it: %q\n", output)
	signal.Reset(syscall.SIGHUP)
	err := exec.Command("/bin/sh", "-c", "kill -HUP $$").Run()
	fmt.Println("a child after the reset:", err)
	fmt.Println("C reads SIGUSR1 as default:", C.isDefault(C.int(syscall.SIGUSR1)))
}

func profile() {
	runtime.SetCgoTraceback(0, unsafe.Pointer(C.traceback), nil, nil)
	var buffer bytes.Buffer
	pprof.StartCPUProfile(&buffer)
	for C.tracebacks() == 0 {
		C.burn(10000000)
	}
	pprof.StopCPUProfile()
	fmt.Println("a profile with C's frames:", buffer.Len() > 0)
}

func collections() {
	done := make(chan int)
	for n := 0; n < 4; n++ {
		go func() {
			for i := 0; i < 100000; i++ {
				_ = make([]byte, 256)
			}
			for i := 0; i < 100000000; i++ { // is preempted by SIGURG
			}
			done <- 1
		}()
	}
	for n := 0; n < 10; n++ {
		runtime.GC()
	}
	sum := 0
	for n := 0; n < 4; n++ {
		sum += <-done
	}
	fmt.Println("goroutines that allocated:", sum)
}

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "crash":
			C.crash()
		case "panic":
			*nothing = 1
		case "quit":
			raise(syscall.SIGQUIT)
			time.Sleep(time.Minute)
		}
	}
	fmt.Println("nil pointers:", faults(1000))
	fmt.Println("calls from threads of C:", C.callFromThreads(8, 100), atomic.LoadInt64(&called))
	handlers()
	collections()
	profile()
	fmt.Println("nil pointers:", faults(1000))
}
