package generator

import "context"

// Update generates and writes, and returns the paths of the files that changed. Where neither the inputs nor the outputs
// have changed since the last run, it loads nothing.
func Update(ctx context.Context, config Config) (changed []string, err error) {
	config, err = config.complete()
	if err != nil {
		return nil, err
	}
	cache := openCache(&config)
	if cache.fresh() {
		return nil, nil
	}
	files, err := Generate(ctx, config)
	if err != nil {
		return nil, err
	}
	if changed, err = Write(files); err != nil {
		return changed, err
	}
	cache.remember()
	return changed, nil
}
