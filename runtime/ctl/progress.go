package ctl

import (
	"fmt"
	"io"
	"time"

	"github.com/dualgen/dualgen/runtime/ctl/internal/dialect"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// progressTeller tells a running command's progress: a bar that is drawn anew on a terminal, lines otherwise, JSON lines if that was asked for.
type progressTeller struct {
	to     io.Writer
	json   bool
	screen bool
	last   time.Time
	kinds  map[string]*outlook.Estimator
	drawn  bool
}

func (s *session) progressTeller() *progressTeller {
	t, ok := s.err.(terminal)
	return &progressTeller{to: s.err, json: s.json, screen: ok && t.screen(), kinds: make(map[string]*outlook.Estimator)}
}

// tell tells how far a kind is, if the last time was long enough ago, and what else is to be said of it.
func (t *progressTeller) tell(kind, work string, done int64, of outlook.Total, also string) {
	e := t.kinds[kind]
	if e == nil {
		e = new(outlook.Estimator)
		t.kinds[kind] = e
	}
	now := time.Now()
	p := e.Estimate(kind, work, done, of, now)
	if now.Sub(t.last) < tellEvery {
		return
	}
	t.last = now
	switch {
	case t.json:
		_ = dialect.Encode(t.to, p, "") // an error of a screen is nobody's
	case t.screen:
		t.drawn = true
		fmt.Fprint(t.to.(terminal).to, "\r\x1b[K"+outlook.Line(p.Bar()+p.String()+also))
	default:
		fmt.Fprintln(t.to, outlook.Line(p.String()+also))
	}
}

// end leaves the last bar on the screen.
func (t *progressTeller) end() {
	if t.drawn {
		fmt.Fprintln(t.to)
	}
}
