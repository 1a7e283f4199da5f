module goroutines

go 1.19

require coexist v0.0.0

replace coexist => ../../../bindings/go
