// Deliberate Go faults in a c-shared library. A check returns the text of the recovered error.
package main

import "C"

import (
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"
)

type node struct{ value int }

//go:noinline
func read(n *node) int { return n.value }

//go:noinline
func divide(dividend, divisor int) int { return dividend / divisor }

// recovered runs f and returns what the runtime threw in it.
func recovered(f func()) (text string) {
	defer func() {
		if err, ok := recover().(runtime.Error); ok {
			text = err.Error()
		}
	}()
	f()
	return "nothing was thrown"
}

//export FaultsCall
func FaultsCall() C.int {
	answer := make(chan int)
	go func() { answer <- read(&node{42}) }()
	return C.int(<-answer)
}

//export FaultsNil
func FaultsNil() *C.char { return C.CString(recovered(func() { read(nil) })) }

//export FaultsNilGoroutine
func FaultsNilGoroutine() *C.char {
	text := make(chan string)
	go func() { text <- recovered(func() { read(nil) }) }()
	return C.CString(<-text)
}

//export FaultsDiv
func FaultsDiv() *C.char { return C.CString(recovered(func() { divide(1, 0) })) }

// FaultsExits returns the exit status that did not come back from the child that ended with it.
//
//export FaultsExits
func FaultsExits() C.int {
	for status := 1; status <= 20; status++ {
		child := exec.Command("/bin/sh", "-c", "exit "+strconv.Itoa(status))
		child.Run()
		if child.ProcessState == nil || child.ProcessState.ExitCode() != status {
			return C.int(status)
		}
	}
	return 0
}

// FaultsPreempt returns how many milliseconds a collection waits for a goroutine that is in a loop
// without calls: only SIGURG ends that wait before the loop itself does.
//
//export FaultsPreempt
func FaultsPreempt() C.int {
	started := make(chan bool)
	ended := make(chan int)
	go func() {
		started <- true
		sum := 0
		for i := 0; i < 4_000_000_000; i++ {
			sum ^= i
		}
		ended <- sum
	}()
	<-started
	time.Sleep(20 * time.Millisecond)
	before := time.Now()
	runtime.GC()
	waited := time.Since(before)
	<-ended
	return C.int(waited.Milliseconds())
}

// FaultsBusy keeps the calling thread on a goroutine's stack for about a second.
//
//export FaultsBusy
func FaultsBusy() C.int {
	sum := 0
	for started := time.Now(); time.Since(started) < time.Second; {
		for i := 0; i < 1_000_000; i++ {
			sum ^= i
		}
	}
	return C.int(sum & 1)
}

// FaultsNotify returns 1 when a SIGHUP that is sent to the process reaches this runtime's channel.
//
//export FaultsNotify
func FaultsNotify() C.int {
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, syscall.SIGHUP)
	defer signal.Stop(arrived)
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	select {
	case <-arrived:
		return 1
	case <-time.After(2 * time.Second):
		return 0
	}
}

var profile *os.File

// FaultsProfileStart starts a CPU profile that goes to the file; returns 1 when it runs.
//
//export FaultsProfileStart
func FaultsProfileStart(path *C.char) C.int {
	file, err := os.Create(C.GoString(path))
	if err != nil || pprof.StartCPUProfile(file) != nil {
		return 0
	}
	profile = file
	return 1
}

//export FaultsProfileStop
func FaultsProfileStop() {
	pprof.StopCPUProfile()
	profile.Close()
}

func main() {}
