// Goroutines that keep state in a native library over many cgo calls: goroutines LIBRARY.
// Exit status: 0 none lost its state although many moved to another OS thread, 1 one did.
package main

/*
#cgo LDFLAGS: -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void (*set)(long);
static int (*check)(long);
static int start(const char *path) {
  void *guest = dlopen(path, RTLD_NOW);
  if (guest == NULL) return 0;
  set = (void (*)(long))dlsym(guest, "guest_set");
  check = (int (*)(long))dlsym(guest, "guest_check");
  return 1;
}
static void guest_set(long value) { set(value); }
static int guest_check(long value) { return check(value); }
static int here(void) { return gettid(); }
*/
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"coexist/coexist"
)

const (
	goroutines = 64
	visits     = 40
	enough     = 200
)

var lost, moved int64

func work(number C.long) {
	context, err := coexist.New()
	if err != nil {
		panic(err)
	}
	var before C.int
	do := func(function func()) {
		if err := context.Do(func() {
			if now := C.here(); before != now {
				if before != 0 {
					atomic.AddInt64(&moved, 1)
				}
				before = now
			}
			function()
		}); err != nil {
			panic(err)
		}
		runtime.Gosched()
	}
	do(func() { C.guest_set(number) })
	for i := 0; i < visits; i++ {
		do(func() {
			if C.guest_check(number) == 0 {
				atomic.AddInt64(&lost, 1)
			}
		})
	}
	if err := context.Close(); err != nil {
		panic(err)
	}
}

func main() {
	runtime.GOMAXPROCS(4)
	if C.start(C.CString(os.Args[1])) == 0 {
		os.Exit(2)
	}
	made := C.long(0)
	for round := 0; round < 50 && (round < 3 || atomic.LoadInt64(&moved) < enough); round++ {
		var all sync.WaitGroup
		for i := 0; i < goroutines; i++ {
			made++
			all.Add(1)
			go func(number C.long) {
				defer all.Done()
				work(number)
			}(made)
		}
		all.Wait()
	}
	fmt.Printf("%d lost, %d moved\n", lost, moved)
	if moved < enough {
		os.Exit(4)
	}
	if lost != 0 {
		os.Exit(1)
	}
}
