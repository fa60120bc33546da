package convert_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/convert"
)

// A number that the store's type cannot hold is an error that names the place, never another number.
func ExampleTrySlice() {
	column, err := convert.TrySlice([]int64{1, 2, 300}, convert.Int[int8])
	fmt.Println(column, convert.At("Scores", err))
	fmt.Println(errors.Is(err, convert.ErrRange))
	// Output:
	// [] Scores[2]: 300 as int8: out of range
	// true
}

// Different parts give different keys, whatever is in them.
func ExampleJoinKey() {
	fmt.Println(convert.JoinKey("a/b", "c"))
	fmt.Println(convert.JoinKey("a", "b/c"))
	parts, err := convert.SplitKey("a%2Fb/c", 2)
	fmt.Printf("%q %v\n", parts, err)
	// Output:
	// a%2Fb/c
	// a/b%2Fc
	// ["a/b" "c"] <nil>
}

// Two stores of different precision hold the same moment, as far as the coarser one can tell.
func ExampleSameTime() {
	written := time.Date(2024, 5, 1, 12, 0, 0, 123_456_789, time.UTC)
	millis, err := convert.Epoch(written, time.Millisecond)
	if err != nil {
		fmt.Println(err)
		return
	}
	read := convert.FromEpoch(millis, time.Millisecond)
	fmt.Println(read.Equal(written), convert.SameTime(read, written, time.Millisecond))
	// Output: false true
}
