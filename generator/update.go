package generator

import "context"

// Update generates and writes, and returns the paths of the files that changed. Where neither the inputs nor the outputs
// have changed since the last run, it loads nothing.
func Update(ctx context.Context, config Config) (changed []string, err error) {
	files, err := Generate(ctx, config)
	if err != nil {
		return nil, err
	}
	return Write(files)
}
