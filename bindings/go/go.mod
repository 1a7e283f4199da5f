module coexist

go 1.19
