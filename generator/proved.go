package generator

import (
	"context"

	"github.com/dualgen/dualgen/generator/internal/evidence"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// Proved holds every wrapper of the configured packages to the record that a run of its conformance test over real stores has
// left beside it. Its error is a [scanner.ErrorList] of the records that are missing or about other sources than those that are
// there, each with how a new one is made.
func Proved(ctx context.Context, config Config) error {
	result, err := run(ctx, source.Config(config))
	if err != nil {
		return err
	}
	full, err := source.Config(config).Complete()
	if err != nil {
		return err
	}
	reports := &report.List{}
	for _, repo := range result.repositories() {
		evidence.Check(ctx, evidence.Config{Dir: full.Dir, Env: full.Env}, repo, reports)
	}
	return reports.Err()
}
