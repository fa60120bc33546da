package generator

import (
	"context"

	"github.com/dualgen/dualgen/generator/internal/cache"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/write"
)

// Update generates and writes, and returns the paths of the files that changed. Where neither the inputs nor the outputs
// have changed since the last run, it loads nothing.
func Update(ctx context.Context, config Config) (changed []string, err error) {
	full, err := source.Config(config).Complete()
	if err != nil {
		return nil, err
	}
	known := cache.Open(&full)
	if known.Fresh() {
		return nil, nil
	}
	files, err := Generate(ctx, config)
	if err != nil {
		return nil, err
	}
	if changed, err = Write(files); err != nil {
		return changed, err
	}
	known.Remember()
	return changed, nil
}

// Write puts files in place and returns the paths of those that changed. Whoever reads a file, and whatever kills the process, sees the
// old one or the new one. A full disk or a read-only directory changes nothing.
func Write(files []File) (changed []string, err error) { return write.Files(files) }
