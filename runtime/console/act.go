package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/limits"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// problem is why a request changed nothing.
type problem struct {
	Status int
	What   string
	Unmet  []control.Obstacle
}

// request is what a person wants changed.
type request struct {
	verb  string
	step  control.Step
	epoch uint64 // of the page that the person saw
}

// maxForm bounds a form, in bytes.
const maxForm = 16 << 10

// act makes a change, and shows the overview: the trail there names it.
func (c *Console) act(w http.ResponseWriter, r *http.Request, who person) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	wanted, err := read(r, who)
	var refused *problem
	if err != nil {
		refused = &problem{Status: http.StatusBadRequest, What: err.Error()}
	} else {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), lookTimeout) // a closed tab leaves no half of a change
		defer cancel()
		refused = c.change(ctx, wanted)
		c.looks.forget()
	}
	if refused != nil {
		c.show(w, r, pages[0], who, refused)
		return
	}
	toOverview(w)
}

// toOverview sends a browser to the overview. http.Redirect would make the address absolute, without the prefix that was stripped.
func toOverview(w http.ResponseWriter) {
	w.Header().Set("Location", "./")
	w.WriteHeader(http.StatusSeeOther)
}

// read reads the form.
func read(r *http.Request, who person) (request, error) {
	if err := r.ParseForm(); err != nil {
		return request{}, fmt.Errorf("the form cannot be read: %w", err)
	}
	wanted := request{verb: r.PostForm.Get("do"), step: control.Step{By: who.who + " (console)", Why: r.PostForm.Get("why"), Confirm: r.PostForm.Get("confirm") != ""}}
	if err := limits.Reason(wanted.step.Why); err != nil {
		return wanted, fmt.Errorf("nothing was changed: %w", err)
	}
	var err error
	if wanted.epoch, err = strconv.ParseUint(r.PostForm.Get("epoch"), 10, 64); err != nil {
		return wanted, errors.New("the form lacks the epoch of the page")
	}
	if to := r.PostForm.Get("to"); to != "" {
		err = wanted.step.To.UnmarshalText([]byte(to))
	}
	return wanted, err
}

// change makes one change by the gates. It returns nil where it was made.
func (c *Console) change(ctx context.Context, wanted request) *problem {
	m := c.config.Migration
	before, err := m.Control().Load(ctx)
	if err != nil {
		return failure(fmt.Errorf("load the flag record: %w", err))
	}
	if before.Epoch != wanted.epoch && !always[wanted.verb] {
		return overtaken(before)
	}
	coordinator := c.looks.lookout.Coordinator()
	var after control.Record
	switch wanted.verb {
	case "advance", "back":
		if !wanted.step.To.Valid() {
			return &problem{Status: http.StatusBadRequest, What: "the form lacks the phase that the step leads to"}
		}
		move, next := coordinator.Advance, before.Forward()
		if wanted.verb == "back" {
			move, next = coordinator.Back, before.Phase-1
		}
		if to := wanted.step.To; to != next && to != before.Phase {
			return &problem{Status: http.StatusConflict, What: fmt.Sprintf("nothing was changed: no step %s leads from %v to %v", wanted.verb, before.Phase, to)}
		}
		after, err = move(ctx, wanted.step)
	default:
		edit, found := outlook.Edits[wanted.verb]
		if !found {
			return &problem{Status: http.StatusBadRequest, What: fmt.Sprintf("there is nothing called %q to do", wanted.verb)}
		}
		after, err = coordinator.Change(ctx, edit, wanted.step)
	}
	switch {
	case errors.Is(err, control.ErrConflict), err == nil && after.Revision == before.Revision:
		if now, err := m.Control().Load(ctx); err == nil {
			after = now
		}
		return overtaken(after)
	case err != nil:
		return failure(err)
	}
	c.config.Logger.Info("changed from the console", "what", wanted.verb, "by", wanted.step.By)
	return nil
}

// always are the changes that are right whatever somebody else has changed meanwhile: who stops the fleet wants it stopped.
var always = map[string]bool{"stop": true, "pause": true}

// overtaken says that somebody else changed the fleet since the page was made.
func overtaken(now control.Record) *problem {
	what := fmt.Sprintf("nothing was changed: the fleet is at %v, epoch %d, and the page showed an earlier one", now.Phase, now.Epoch)
	if n := len(now.Trail); n > 0 {
		what += fmt.Sprintf(". Last change: %s, by %s", now.Trail[n-1].What, now.Trail[n-1].By)
	}
	return &problem{Status: http.StatusConflict, What: what}
}

// failure says what an error means to whoever sent the form.
func failure(err error) *problem {
	var refusal *control.Refusal
	if errors.As(err, &refusal) {
		return &problem{Status: http.StatusConflict, What: fmt.Sprintf("refused: %v to %v", refusal.From, refusal.To), Unmet: refusal.Unmet}
	}
	return &problem{Status: http.StatusServiceUnavailable, What: "whether it was changed is not known: " + err.Error()}
}
