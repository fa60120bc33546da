module github.com/dualgen/dualgen/test/mutate

go 1.26.0
