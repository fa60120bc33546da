package cqlstore

import (
	"fmt"
	"sync"
	"time"

	"github.com/gocql/gocql"
)

// Later is the store in a keyspace whose tables Open has made before. It connects in the background, again and again until that succeeds,
// and refuses calls until then: a service starts although the database it moves to, or from, is down.
func Later(connect func() (*gocql.Session, error)) *Store {
	l := &link{err: fmt.Errorf("connect to cassandra: not yet"), closed: make(chan struct{})}
	l.running.Go(func() { l.keepTrying(connect) })
	return &Store{link: l}
}

// Session is the store's session, or the error of the last attempt to make one.
func (s *Store) Session() (*gocql.Session, error) {
	if err := s.link.ready(); err != nil {
		return nil, err
	}
	return s.link.session(), nil
}

// retryEvery is the pause between two attempts to connect.
const retryEvery = time.Second

// link is a session that may not be there yet.
type link struct {
	mu      sync.Mutex
	made    *gocql.Session
	err     error // of the last attempt, where there is no session
	closed  chan struct{}
	running sync.WaitGroup
}

func connected(session *gocql.Session) *link {
	return &link{made: session, closed: make(chan struct{})}
}

func (l *link) keepTrying(connect func() (*gocql.Session, error)) {
	for {
		session, err := connect()
		l.mu.Lock()
		l.made, l.err = session, err
		l.mu.Unlock()
		if err == nil {
			return
		}
		select {
		case <-l.closed:
			return
		case <-time.After(retryEvery):
		}
	}
}

// ready is nil once there is a session.
func (l *link) ready() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// session is nil until ready is.
func (l *link) session() *gocql.Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.made
}

func (l *link) close() {
	close(l.closed)
	l.running.Wait()
	if session := l.session(); session != nil {
		session.Close()
	}
}
