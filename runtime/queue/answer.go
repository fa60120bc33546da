package queue

import (
	"errors"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Answer is the error by which making a write was answered, such as "no such user" of an update: the stores have decided, the write has
// changed nothing, and trying again would be answered no other way. So it settles the entry, and blocks nothing. Whoever waits for the
// entry gets it, for as long as Config.Keep says.
type Answer struct {
	Text string // of the interface's error
	Err  error  // that error in the process which made the write, and in one that waits by a Receipt; else nil
}

func (a *Answer) Error() string { return "dualgen: the queued write changed nothing: " + a.Text }

// Unwrap returns the interface's error, where it is known.
func (a *Answer) Unwrap() error { return a.Err }

// AnswerIn finds the Answer in an error.
func AnswerIn(err error) (*Answer, bool) { return errors.AsType[*Answer](err) }

// answered makes an Answer of an error that is one of the answers. One whose outcome nobody knows is none: the write may have been made.
func answered(err error, answers []error) error {
	for _, answer := range answers {
		if errors.Is(err, answer) && !errors.Is(err, dual.ErrUnknown) {
			return &Answer{Text: answer.Error(), Err: err}
		}
	}
	return err
}

// as is the answer with the interface's error of that text.
func (a *Answer) as(answers []error) *Answer {
	for _, answer := range answers {
		if answer.Error() == a.Text {
			return &Answer{Text: a.Text, Err: answer}
		}
	}
	return a
}
