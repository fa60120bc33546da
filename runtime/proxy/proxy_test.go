package proxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

type (
	args    struct{ ID string }
	results struct{ Text string }
	note    struct {
		ID   int
		Tags []string
	}
	saveArgs struct{ Note *note }
)

var (
	errNone = errors.New("none")
	get     = Method{Name: "Notes.Get", Shape: "1"}
	save    = Method{Name: "Notes.Save", Shape: "1", Fills: true}
	all     = Method{Name: "Notes.All", Shape: "1"}
	known   = []Known{{"notes.ErrNone", errNone}}
)

// serve serves one method and returns a client.
func serve(t testing.TB, options Options, with func(s *Server)) *Client {
	t.Helper()
	s := NewServer(options, known...)
	with(s)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := NewClient(server.URL, nil, known...)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func answering(call func(ctx context.Context, in *args) (results, error)) func(s *Server) {
	return func(s *Server) { Handle(s, get, call) }
}

func echo(_ context.Context, in *args) (results, error) { return results{in.ID}, nil }

func TestTextIsCarriedAsItIsOrRefused(t *testing.T) {
	calls := 0
	c := serve(t, Options{}, answering(func(ctx context.Context, in *args) (results, error) { calls++; return echo(ctx, in) }))
	for _, text := range []string{"", "plain", "<&>", "\u2028", "\ufffd", `\ufffd`, `\\ufffd`, "\\\ufffd", "a\x00b"} {
		answer, err := Call[args, results](t.Context(), c, get, args{text})
		require.NoError(t, err, "%q", text)
		require.Equal(t, text, answer.Results.Text)
	}
	calls = 0
	for _, text := range []string{"\xff", "a\xc3", `\` + "\xff", `\\` + "\xff"} {
		_, err := Call[args, results](t.Context(), c, get, args{text})
		require.ErrorIs(t, err, ErrNotCarried, "%q", text)
	}
	require.Zero(t, calls, "nothing was sent")
}

func TestEncodeRefusesJustWhatJSONChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bytes := rapid.SliceOf(rapid.SampledFrom([]byte{'\\', 'u', 'f', 'd', 0xef, 0xbf, 0xbd, 0xff, 'x'})).Draw(t, "bytes")
		text, err := encode(args{string(bytes)})
		if !utf8.Valid(bytes) {
			require.ErrorIs(t, err, ErrNotCarried)
			return
		}
		require.NoError(t, err)
		var back args
		require.NoError(t, decode(text, &back, true))
		require.Equal(t, string(bytes), back.ID)
	})
}

func TestNumbersThatAreNotFinite(t *testing.T) {
	s := NewServer(Options{}, known...)
	Handle(s, get, func(context.Context, *args) (struct{ F float64 }, error) { return struct{ F float64 }{math.NaN()}, nil })
	server := httptest.NewServer(s)
	defer server.Close()
	c := NewClient(server.URL, nil)
	_, err := Call[args, struct{ F float64 }](t.Context(), c, get, args{})
	require.ErrorIs(t, err, ErrNotCarried)
	require.ErrorIs(t, err, ErrUnknown, "the call was made")
	_, err = Call[struct{ F float64 }, results](t.Context(), c, get, struct{ F float64 }{math.Inf(1)})
	require.ErrorIs(t, err, ErrNotCarried)
	require.NotErrorIs(t, err, ErrUnknown)
}

func TestErrors(t *testing.T) {
	var told error
	c := serve(t, Options{}, answering(func(context.Context, *args) (results, error) { return results{"with an error"}, told }))
	for _, told = range []error{errNone, fmt.Errorf("of 7: %w", errNone), errors.Join(errNone, dual.ErrReadOnly), context.DeadlineExceeded, errors.New("unknown here")} {
		answer, err := Call[args, results](t.Context(), c, get, args{})
		require.EqualError(t, err, told.Error())
		require.Equal(t, "with an error", answer.Results.Text)
		for _, k := range append(known, always...) {
			require.Equal(t, errors.Is(told, k.Err), errors.Is(err, k.Err), "%v: %s", told, k.Name)
		}
	}
	told = errNone
	_, err := Call[args, results](t.Context(), c, get, args{})
	require.True(t, err == errNone, "callers compare by == too")
}

func TestWhatBecameOfACallIsSaid(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := "http://" + nobody.Addr().String()
	require.NoError(t, nobody.Close())
	_, err = Call[args, results](t.Context(), NewClient(address, nil), get, args{})
	require.ErrorIs(t, err, ErrNotSent)
	require.NotErrorIs(t, err, ErrUnknown)

	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			conn.Close()
		}
	}))
	defer cut.Close()
	_, err = Call[args, results](t.Context(), NewClient(cut.URL, nil), get, args{})
	require.ErrorIs(t, err, ErrUnknown)

	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "bad gateway", http.StatusBadGateway) }))
	defer between.Close()
	_, err = Call[args, results](t.Context(), NewClient(between.URL, nil), get, args{})
	require.ErrorIs(t, err, ErrUnknown)
	require.ErrorContains(t, err, "bad gateway")

	panics := serve(t, Options{}, answering(func(context.Context, *args) (results, error) { panic(http.ErrAbortHandler) }))
	_, err = Call[args, results](t.Context(), panics, get, args{})
	require.ErrorIs(t, err, ErrUnknown)
}

func TestDeadlinesAndCancelsTravel(t *testing.T) {
	begun, ended := make(chan time.Duration, 2), make(chan error, 2)
	c := serve(t, Options{}, answering(func(ctx context.Context, _ *args) (results, error) {
		left := time.Duration(-1)
		if deadline, ok := ctx.Deadline(); ok {
			left = time.Until(deadline)
		}
		begun <- left
		<-ctx.Done()
		ended <- ctx.Err()
		return results{}, ctx.Err()
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := Call[args, results](ctx, c, get, args{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	left := <-begun
	require.True(t, left > 0 && left <= 300*time.Millisecond, left)
	require.Error(t, <-ended)

	ctx, cancel = context.WithCancel(t.Context())
	go func() { require.Equal(t, time.Duration(-1), <-begun); cancel() }()
	_, err = Call[args, results](ctx, c, get, args{})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, ErrUnknown, "the server may have made the call")
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestShapesThatDifferAreRefused(t *testing.T) {
	calls := 0
	count := func(ctx context.Context, in *args) (results, error) { calls++; return echo(ctx, in) }
	older := Method{Name: get.Name, Shape: "0"}
	c := serve(t, Options{}, answering(count))
	_, err := Call[args, results](t.Context(), c, older, args{"x"})
	require.ErrorIs(t, err, ErrShape)
	require.ErrorContains(t, err, "Notes.Get 0 of the client, 1 of the server")
	_, err = Call[args, results](t.Context(), c, all, args{"x"})
	require.ErrorIs(t, err, ErrShape, "a method that the server has not")
	type newer struct{ ID, More string }
	_, err = Call[newer, results](t.Context(), c, get, newer{"x", "lost"})
	require.ErrorIs(t, err, ErrNotCarried, "a field that the server does not know")
	require.Zero(t, calls)

	c = serve(t, Options{Accept: []string{"Notes.Get 0"}}, answering(count))
	_, err = Call[args, results](t.Context(), c, older, args{"x"})
	require.NoError(t, err)
}

func TestWhatIsNoCallIsRefused(t *testing.T) {
	s := NewServer(Options{MaxBytes: 100}, known...)
	Handle(s, get, func(context.Context, *args) (results, error) { t.Error("called"); return results{}, nil })
	server := httptest.NewServer(s)
	defer server.Close()
	for status, call := range map[int]func() (*http.Response, error){
		http.StatusUnsupportedMediaType: func() (*http.Response, error) { return http.Get(server.URL + "/Notes.Get") },
		http.StatusNotFound:             func() (*http.Response, error) { return http.Post(server.URL+"/Notes", contentType, nil) },
		http.StatusConflict:             func() (*http.Response, error) { return http.Post(server.URL+"/Notes.Get", contentType, nil) }, // no header: a browser's form
	} {
		response, err := call()
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, status, response.StatusCode)
	}
	_, err := Call[args, results](t.Context(), NewClient(server.URL, nil), get, args{fmt.Sprintf("%0200d", 0)})
	require.ErrorIs(t, err, ErrNotCarried)
}

// BenchmarkCall is a call over loopback beside the same call in the process.
func BenchmarkCall(b *testing.B) {
	b.Run("direct", func(b *testing.B) {
		for b.Loop() {
			if _, err := echo(b.Context(), &args{"some id"}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("proxy", func(b *testing.B) {
		c := serve(b, Options{}, answering(echo))
		for b.Loop() {
			if _, err := Call[args, results](b.Context(), c, get, args{"some id"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
