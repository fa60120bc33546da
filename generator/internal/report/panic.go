package report

import (
	"fmt"
	"go/token"
	"runtime/debug"
)

// LocatePanic adds to a panic, which is a bug of dualgen, the position of the input that caused it.
func LocatePanic(pos token.Position) {
	if r := recover(); r != nil {
		panic(fmt.Sprintf("%v: this is a bug of dualgen, please report it with this interface: %v\n%s", pos, r, debug.Stack()))
	}
}
