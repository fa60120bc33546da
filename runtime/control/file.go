package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// File is a Control in one JSON file, for the processes of one machine. People can read the file, and it survives
// crashes: it is replaced as a whole, through a temporary file that was synced before it is renamed. A lock file beside it
// orders the processes. Leases run by the machine's clock.
type File struct {
	path     string
	now      func() time.Time
	interval time.Duration
	mu       sync.Mutex // orders the goroutines of this process; the lock file orders processes
}

// filePoll is how often Watch looks at the file.
const filePoll = 50 * time.Millisecond

// NewFile returns the control store in the file of that path. The file is made by the first change, Init for one; its
// directory must exist. It needs a system with POSIX file locks.
func NewFile(path string) (*File, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open control file: %w", err)
	}
	f := &File{path: absolute, now: time.Now, interval: filePoll}
	if err := f.view(func(*content) error { return nil }); err != nil {
		return nil, err
	}
	return f, nil
}

// Path returns the file's absolute path.
func (f *File) Path() string { return f.path }

// view lets look see the content.
func (f *File) view(look func(*content) error) error {
	return f.locked(func() error {
		c, err := f.read()
		if err != nil {
			return err
		}
		return look(c)
	})
}

// change lets alter change the content, and stores it unless alter fails.
func (f *File) change(alter func(*content) error) error {
	return f.locked(func() error {
		c, err := f.read()
		if err != nil {
			return err
		}
		if err := alter(c); err != nil {
			return err
		}
		return f.write(c)
	})
}

func (f *File) locked(do func() error) (err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	unlock, err := lockFile(f.path + ".lock")
	if err != nil {
		return fmt.Errorf("lock control file %s: %w", f.path, err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return do()
}

func (f *File) read() (*content, error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return new(content), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read control file: %w", err)
	}
	c := new(content)
	if err := json.Unmarshal(data, c); err != nil {
		return nil, fmt.Errorf("read control file %s: %w", f.path, err)
	}
	return c, nil
}

func (f *File) write(c *content) error {
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write control file: %w", err)
	}
	if err := replaceFile(f.path, append(data, '\n')); err != nil {
		return fmt.Errorf("write control file %s: %w", f.path, err)
	}
	return nil
}

// replaceFile makes the file hold data, or leaves it as it was, whenever the process or the machine stops.
func replaceFile(path string, data []byte) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name()) // what is left of a failed write
		}
	}()
	_, err = temporary.Write(data)
	if err == nil {
		err = temporary.Sync()
	}
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

// syncDirectory makes a rename durable.
func syncDirectory(path string) error {
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	err = directory.Sync()
	return errors.Join(err, directory.Close())
}

// Load implements Control.
func (f *File) Load(context.Context) (record Record, err error) {
	err = f.view(func(c *content) error { record = c.Record; return nil })
	return record, err
}

// Swap implements Control.
func (f *File) Swap(_ context.Context, expected uint64, next Record) error {
	return f.change(func(c *content) error { return c.swap(expected, next) })
}

// Watch implements Control.
func (f *File) Watch(ctx context.Context, revision uint64) error {
	until := time.NewTimer(watchInterval)
	defer until.Stop()
	poll := time.NewTicker(f.interval)
	defer poll.Stop()
	for {
		record, err := f.Load(ctx)
		if err != nil || record.Revision != revision {
			return err
		}
		select {
		case <-poll.C:
		case <-until.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Renew implements Control.
func (f *File) Renew(_ context.Context, instance Instance, ttl time.Duration) error {
	return f.change(func(c *content) error { return c.renew(instance, f.now().Add(ttl)) })
}

// Leave implements Control.
func (f *File) Leave(_ context.Context, id string) error {
	return f.change(func(c *content) error { delete(c.Members, id); return nil })
}

// Evict implements Control.
func (f *File) Evict(_ context.Context, id string) error {
	return f.change(func(c *content) error { c.evict(id); return nil })
}

// Instances implements Control.
func (f *File) Instances(context.Context) (list []Instance, err error) {
	err = f.view(func(c *content) error { list = c.instances(f.now()); return nil })
	return list, err
}

// SaveCheckpoint implements Control.
func (f *File) SaveCheckpoint(_ context.Context, name string, data []byte) error {
	return f.change(func(c *content) error { c.save(name, data); return nil })
}

// LoadCheckpoint implements Control.
func (f *File) LoadCheckpoint(_ context.Context, name string) (data []byte, err error) {
	err = f.view(func(c *content) error { data = c.Checkpoints[name]; return nil })
	return data, err
}
