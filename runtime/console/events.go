package console

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"strconv"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

const (
	// followEvery is how often an open page asks whether something has changed. Pages share a look.
	followEvery = 500 * time.Millisecond
	// sendTimeout bounds one message to a browser that does not read.
	sendTimeout = 10 * time.Second
)

// events tells a browser that the page it shows has changed, and goes on until the browser leaves.
func (c *Console) events(w http.ResponseWriter, r *http.Request, _ person) {
	answer := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	send := func(text string) bool {
		_ = answer.SetWriteDeadline(time.Now().Add(sendTimeout)) // not every server can
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return answer.Flush() == nil
	}
	if !send("retry: 1000\n\n") {
		return
	}
	seen := r.URL.Query().Get("seen") // of the page: what has changed since it was made is told too
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	for quiet := 0; ; quiet++ {
		if now := c.seen(c.looks.report(r.Context())); r.Context().Err() == nil && now != seen {
			if !send("data: changed\n\n") {
				return
			}
			seen, quiet = now, 0
		} else if quiet%20 == 19 && !send(": still here\n\n") {
			return
		}
		select {
		case <-ticker.C:
		case <-r.Context().Done():
			return
		}
	}
}

// seen is a fingerprint of what the pages show, but for what changes by itself, such as what is left of a lease. A fleet that cannot be
// looked at has one too.
func (c *Console) seen(report outlook.Report, err error) string {
	hash := fnv.New64a()
	if err == nil {
		err = json.NewEncoder(hash).Encode(still(report))
	}
	if err != nil {
		fmt.Fprint(hash, err)
	}
	return strconv.FormatUint(hash.Sum64(), 36)
}

// still is a report without what changes by itself.
func still(r outlook.Report) outlook.Report {
	r.Lag = 0
	instances := r.Instances
	r.Instances = nil
	for _, in := range instances {
		in.Left = 0
		r.Instances = append(r.Instances, in)
	}
	return r
}
