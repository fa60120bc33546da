package outlook

import (
	"fmt"
	"strings"
	"time"
)

// Progress is how far a copy or a pass over one kind is, for people and as a line of JSON.
type Progress struct {
	Kind  string   `json:"kind"`
	Work  string   `json:"work"` // backfill or verify
	Done  int64    `json:"done"` // entities
	Total *int64   `json:"total,omitempty"`
	About bool     `json:"estimated,omitempty"` // the total is an estimate
	Share *float64 `json:"share,omitempty"`     // 0 to 1
	Rate  float64  `json:"ratePerSecond"`       // entities a second, over the last window
	Over  float64  `json:"windowSeconds"`       // how long that window is
	ETA   *float64 `json:"etaSeconds,omitempty"`
}

// window is how far back a rate looks: long enough for pages that take seconds, short enough to follow a change of the rate.
const window = 30 * time.Second

// least is how long a rate must have been watched before anybody is told how long it will take.
const least = 5 * time.Second

// look is one sight of a count.
type look struct {
	at   time.Time
	done int64
}

// Estimator makes rates of what is seen of one kind.
type Estimator struct{ looks []look }

// see adds a sight, and returns the rate over the window, and how long that is. A count that fell began anew.
func (e *Estimator) see(at time.Time, done int64) (rate float64, over time.Duration) {
	if n := len(e.looks); n > 0 && done < e.looks[n-1].done {
		e.looks = nil
	}
	e.looks = append(e.looks, look{at, done})
	for len(e.looks) > 2 && at.Sub(e.looks[1].at) >= window {
		e.looks = e.looks[1:]
	}
	first := e.looks[0]
	if over = at.Sub(first.at); over <= 0 {
		return 0, 0
	}
	return float64(done-first.done) / over.Seconds(), over
}

// Estimate is how far a kind is. A total of 0 is not known; one that was overtaken was wrong, and is not shown.
func (e *Estimator) Estimate(kind, work string, done int64, of Total, at time.Time) Progress {
	rate, over := e.see(at, done)
	p := Progress{Kind: kind, Work: work, Done: done, Rate: rate, Over: over.Seconds()}
	if of.N <= 0 || done > of.N {
		return p
	}
	share := float64(done) / float64(of.N)
	p.Total, p.About, p.Share = &of.N, of.About, &share
	if over >= least && rate > 0 {
		left := float64(of.N-done) / rate
		p.ETA = &left
	}
	return p
}

// String is the progress in one line.
func (p Progress) String() string {
	text := fmt.Sprintf("%s: %d", p.Kind, p.Done)
	if p.Total != nil {
		about := ""
		if p.About {
			about = "about "
		}
		text += fmt.Sprintf(" of %s%d (%.0f %%)", about, *p.Total, 100**p.Share)
	}
	if p.Over > 0 {
		text += fmt.Sprintf(", %.0f a second", p.Rate)
	}
	if p.ETA != nil {
		text += fmt.Sprintf(", %v left by the last %v", seconds(*p.ETA), seconds(p.Over))
	}
	return text
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Second)
}

// barWidth is how many cells a bar has.
const barWidth = 24

// Bar draws the share, where it is known.
func (p Progress) Bar() string {
	if p.Share == nil {
		return ""
	}
	full := int(*p.Share * barWidth)
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "] "
}
