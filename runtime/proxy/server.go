package proxy

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Options of a server. The zero value is the safest.
type Options struct {
	// MaxBytes bounds the arguments of a call. Defaults to 64 MiB.
	MaxBytes int64
	// Accept lists shapes that older clients send, as the errors of their calls name them: "Users.Save 3f2a91c07d44". Such a client
	// leaves out what it does not know, and the call is made with zero values there. Defaults to none.
	Accept []string
}

const defaultMaxBytes = 64 << 20

// Server answers the calls of one interface. It is an http.Handler for POST to …/Users.Save; put it behind http.StripPrefix or
// at the root of a mux.
type Server struct {
	options Options
	known   []Known
	calls   map[string]func(http.ResponseWriter, *http.Request)
}

// NewServer makes a server without methods.
func NewServer(options Options, known ...Known) *Server {
	if options.MaxBytes <= 0 {
		options.MaxBytes = defaultMaxBytes
	}
	return &Server{options, append(known, always...), map[string]func(http.ResponseWriter, *http.Request){}}
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	call, ok := s.calls[name]
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case !ok:
		s.refuse(w, http.StatusNotFound, fmt.Errorf("%w: the server has no method %s", ErrShape, name))
	case r.Method != http.MethodPost || media != contentType:
		s.refuse(w, http.StatusUnsupportedMediaType, fmt.Errorf("%w: a call is a POST of %s", ErrNotCarried, contentType))
	default:
		call(w, r)
	}
}

// Handle adds a method. call is given the arguments, which it may change, and returns the results.
func Handle[In, Out any](s *Server, m Method, call func(ctx context.Context, in *In) (Out, error)) {
	s.calls[m.Name] = func(w http.ResponseWriter, r *http.Request) {
		var in In
		text, ctx, cancel, ok := s.receive(w, r, m, &in)
		if !ok {
			return
		}
		defer cancel()
		var answer reply[In, Out]
		var err error
		answer.Results, err = call(ctx, &in)
		answer.Error = faultOf(err, s.known)
		if m.Fills {
			if after, err := encode(in); err != nil || !bytes.Equal(after, text) {
				answer.Changed = &in
			}
		}
		body, err := encode(answer)
		if err != nil { // the call was made; the caller has to be told so
			body, err = encode(reply[In, Out]{Error: faultOf(fmt.Errorf("%s: %w: its answer: %w", m.Name, ErrUnknown, err), s.known)})
			if err != nil {
				s.refuse(w, http.StatusInternalServerError, fmt.Errorf("%w: its answer: %w", ErrUnknown, err))
				return
			}
		}
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body) // a caller that is gone is told nothing
	}
}

// receive reads the arguments of a call, and refuses one that cannot be made. ctx ends with the caller's.
func (s *Server) receive(w http.ResponseWriter, r *http.Request, m Method, in any) (text []byte, ctx context.Context, cancel context.CancelFunc, ok bool) {
	if shape := r.Header.Get(headerShape); shape != m.Shape && !slices.Contains(s.options.Accept, m.Name+" "+shape) {
		s.refuse(w, http.StatusConflict, fmt.Errorf("%w: %s %s of the client, %s of the server: generate and deploy them from one interface, "+
			"or let the server accept what the client leaves out (proxy.Options.Accept)", ErrShape, m.Name, shape, m.Shape))
		return nil, nil, nil, false
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.options.MaxBytes))
	if err != nil {
		s.refuse(w, http.StatusRequestEntityTooLarge, fmt.Errorf("%w: its arguments: %w", ErrNotCarried, err))
		return nil, nil, nil, false
	}
	if err := decode(text, in, true); err != nil {
		s.refuse(w, http.StatusBadRequest, fmt.Errorf("%w: its arguments: %w", ErrNotCarried, err))
		return nil, nil, nil, false
	}
	ctx, cancel = context.WithCancel(r.Context())
	if said := r.Header.Get(headerTimeout); said != "" {
		left, err := time.ParseDuration(said)
		if err != nil {
			cancel()
			s.refuse(w, http.StatusBadRequest, fmt.Errorf("%w: %s: %w", ErrNotCarried, headerTimeout, err))
			return nil, nil, nil, false
		}
		cancel()
		ctx, cancel = context.WithTimeout(r.Context(), left)
	}
	return text, ctx, cancel, true
}

// refuse answers a call that is not made.
func (s *Server) refuse(w http.ResponseWriter, status int, err error) {
	body, failed := encode(faultOf(err, s.known))
	if failed != nil {
		body = nil
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
