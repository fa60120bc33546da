package proxy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Client sends the calls of one interface. Generated clients hold one.
type Client struct {
	base  string
	http  *http.Client
	known []Known
}

// NewClient makes a client of the server at a base address, such as http://users:8080/proxy. Without an *http.Client it has one of
// its own, which keeps 256 connections and follows no redirect. A timeout of the *http.Client's counts for each call.
func NewClient(base string, with *http.Client, known ...Known) *Client {
	if with == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 256, 256
		with = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &Client{strings.TrimSuffix(base, "/"), with, append(known, always...)}
}

// Close closes the connections that are idle. What the server serves stays open.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Answer is what a call gave: its results, and its arguments where it changed what they refer to.
type Answer[In, Out any] struct {
	Results Out
	Changed *In
}

// Call makes one call. In and Out are structs with the arguments and the results.
func Call[In, Out any](ctx context.Context, c *Client, m Method, in In) (Answer[In, Out], error) {
	var answer Answer[In, Out]
	response, err := c.send(ctx, m, in)
	if err != nil {
		return answer, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer, c.lost(ctx, m, err)
	}
	if response.StatusCode != http.StatusOK {
		return answer, c.refused(m, response.StatusCode, text)
	}
	var r reply[In, Out]
	if err := decode(text, &r, false); err != nil {
		return answer, c.lost(ctx, m, err)
	}
	return Answer[In, Out]{r.Results, r.Changed}, r.Error.err(c.known)
}

// send sends a call and returns the response.
func (c *Client) send(ctx context.Context, m Method, in any) (*http.Response, error) {
	text, err := encode(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/"+m.Name, bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", m.Name, ErrNotSent, err)
	}
	request.Header.Set("Content-Type", contentType)
	request.Header.Set(headerShape, m.Shape)
	if deadline, ok := ctx.Deadline(); ok {
		request.Header.Set(headerTimeout, time.Until(deadline).String())
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.lost(ctx, m, err)
	}
	return response, nil
}

// lost says what is known of a call that got no answer.
func (c *Client) lost(ctx context.Context, m Method, err error) error {
	dial := new(net.OpError)
	switch {
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("%s: %w: %w", m.Name, ErrNotSent, err)
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w: %w", m.Name, ErrUnknown, ctx.Err())
	}
	return fmt.Errorf("%s: %w: %w", m.Name, ErrUnknown, err)
}

// refused is the error of a call that the server did not make, or that something before it answered.
func (c *Client) refused(m Method, status int, text []byte) error {
	var f fault
	if err := decode(text, &f, true); err == nil && f.Text != "" {
		return fmt.Errorf("%s: %w", m.Name, f.err(c.known))
	}
	const most = 200
	return fmt.Errorf("%s: %w: status %d: %.*s", m.Name, ErrUnknown, status, most, bytes.TrimSpace(text))
}
