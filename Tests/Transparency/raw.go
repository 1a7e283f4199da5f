// Go without cgo: a static program that makes its own system calls.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

var nothing *int

func fault() (recovered int) {
	defer func() {
		if recover() != nil {
			recovered = 1
		}
	}()
	*nothing = 1
	return
}

func main() {
	sum := 0
	for n := 0; n < 1000; n++ {
		sum += fault()
	}
	fmt.Println("nil pointers:", sum)
	channel := make(chan os.Signal, 1)
	signal.Notify(channel, syscall.SIGUSR1)
	syscall.Kill(os.Getpid(), syscall.SIGUSR1)
	fmt.Println("notified of", <-channel)
}
