package proxy

import "errors"

var (
	// ErrNotSent: the server could not be reached. Nothing was done.
	ErrNotSent = errors.New("dualgen: the proxy cannot be reached")
	// ErrUnknown: the call was sent, and its answer did not arrive. It may have been made.
	ErrUnknown = errors.New("dualgen: the proxy did not answer; the call may have been made")
	// ErrShape: the client was generated from another form of the method's arguments than the server. Nothing was done.
	ErrShape = errors.New("dualgen: client and server of the proxy differ in the arguments of the method")
	// ErrNotCarried: a value cannot be carried as it is. As an error of the client's, nothing was done.
	ErrNotCarried = errors.New("dualgen: the value cannot be carried by the proxy")
)

// Method is one method of the interface.
type Method struct {
	Name string // Users.Save
	// Shape stands for the types of the arguments, with all that they hold. A server refuses a call that has another one: a field
	// that only one side knows would be lost.
	Shape string
	// Fills says that arguments are sent back if the call changes what they refer to, such as an ID that the store makes.
	Fills bool
}

// Known is an error that callers find with errors.Is, as in the server's process.
type Known struct {
	Name string // the same in the client and in the server: users.ErrNotFound
	Err  error
}

// Header names.
const (
	headerShape   = "Dualgen-Shape"
	headerTimeout = "Dualgen-Timeout" // the time that is left, as time.Duration prints it
)

const contentType = "application/json"

// reply is the answer to a call. In stands for its arguments, Out for its results.
type reply[In, Out any] struct {
	Results Out
	Changed *In    `json:",omitempty"` // the arguments, where the call changed what they refer to
	Error   *fault `json:",omitempty"`
}

// fault is an error on its way.
type fault struct {
	Text string
	Is   []string `json:",omitempty"` // of Known
}
