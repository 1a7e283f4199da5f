// Go at work, with cgo, so that libc and the preloaded library are there: goroutines that hand on,
// a tree for the collector, calls of C.
package main

/*
static long step(long n) { return n * 1103515245 + 12345; }
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"sync"
)

type node struct{ left, right *node }

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{tree(depth - 1), tree(depth - 1)}
}

func (n *node) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

func main() {
	sums := make(chan int)
	var all sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < 24; i++ {
				sums <- tree(15).count()
			}
		}()
	}
	go func() { all.Wait(); close(sums) }()
	total := 0
	for sum := range sums {
		total += sum
	}
	for i := 0; i < 60000; i++ {
		text, _ := json.Marshal(map[string]int{"a": i, "b": i * 2})
		var back map[string]int
		if json.Unmarshal(text, &back) == nil {
			total += back["b"]
		}
	}
	value := C.long(1)
	for i := 0; i < 8000000; i++ {
		value = C.step(value)
	}
	fmt.Println(total, value&1023)
}
