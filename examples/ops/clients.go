package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/examples/catalog/catalog"
)

const (
	writers     = 6
	perWriter   = 40 // packages that one writer alone writes, so that it knows what must be there
	clientPause = 20 * time.Millisecond
)

// tally is what the clients saw.
type tally struct {
	writes, reads, refused, lost atomic.Int64
}

// clients uses the instances until ctx ends, each call at another one.
func clients(ctx context.Context, instances []string) error {
	var seen tally
	var running sync.WaitGroup
	for i := range writers {
		running.Go(func() { (&client{instances: instances, seen: &seen, name: fmt.Sprintf("client-%d", i)}).run(ctx) })
	}
	ended := make(chan struct{})
	go func() { running.Wait(); close(ended) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ended:
			seen.print()
			if n := seen.lost.Load(); n > 0 {
				return fmt.Errorf("%d reads did not show an acknowledged write", n)
			}
			return nil
		}
		seen.print()
	}
}

func (t *tally) print() {
	fmt.Printf("%d writes acknowledged, %d reads, %d refused, %d lost\n", t.writes.Load(), t.reads.Load(), t.refused.Load(), t.lost.Load())
}

// client writes packages of its own, and reads them back.
type client struct {
	instances []string
	seen      *tally
	name      string
}

// known is what a client knows of one of its packages: the version that was acknowledged last, and the highest that was tried since.
type known struct{ acknowledged, tried int }

func (c *client) run(ctx context.Context) {
	var packages [perWriter]known
	for ctx.Err() == nil {
		n := rand.IntN(perWriter)
		if p := &packages[n]; rand.IntN(2) == 0 {
			p.tried++
			if c.write(fmt.Sprint(c.name, "-", n), p.tried) {
				p.acknowledged = p.tried
			}
		} else if p.acknowledged > 0 {
			c.read(fmt.Sprint(c.name, "-", n), *p)
		}
		select {
		case <-ctx.Done():
		case <-time.After(rand.N(2 * clientPause)):
		}
	}
}

// write saves a package and returns whether that was acknowledged.
func (c *client) write(name string, version int) bool {
	body, err := json.Marshal(catalog.Package{Version: fmt.Sprint(version), Section: "clients", Updated: time.Now().UTC().Truncate(time.Millisecond)})
	if err != nil {
		panic(err) // a struct of plain fields
	}
	status, _ := c.call(http.MethodPut, name, body)
	if status == http.StatusOK {
		c.seen.writes.Add(1)
		return true
	}
	c.seen.refused.Add(1)
	return false
}

// read compares what is there with what was acknowledged. A write that was not may have had its effect all the same.
func (c *client) read(name string, want known) {
	status, body := c.call(http.MethodGet, name, nil)
	if status != http.StatusOK && status != http.StatusNotFound {
		c.seen.refused.Add(1)
		return
	}
	c.seen.reads.Add(1)
	var got catalog.Package
	version := 0
	if json.Unmarshal(body, &got) == nil {
		_, _ = fmt.Sscan(got.Version, &version) // what is no number was never written
	}
	if version < want.acknowledged || version > want.tried {
		c.seen.lost.Add(1)
		fmt.Printf("lost: %s has version %d, and %d was acknowledged, %d tried\n", name, version, want.acknowledged, want.tried)
	}
}

// call sends a request to any instance. The status is 0 where nobody answered.
func (c *client) call(method, name string, body []byte) (status int, answer []byte) {
	at := c.instances[rand.IntN(len(c.instances))] + "/packages/" + name
	request, err := http.NewRequest(method, at, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	response, err := (&http.Client{Timeout: 2 * callTimeout}).Do(request)
	if err != nil {
		return 0, nil
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	if err != nil {
		return 0, nil
	}
	return response.StatusCode, answer
}
