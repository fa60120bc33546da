package verify

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// certify issues the certificate. Where the stores differ it says so, which voids an earlier one: the coordinator accepts
// none with differences.
func (p *pass) certify(ctx context.Context) error {
	if err := p.admitted(); err != nil { // since the pass began
		return err
	}
	err := control.Certify(ctx, p.migration.Control(), p.kind, p.began, control.Certificate{
		Incarnation: p.incarnation,
		Seq:         uint64(p.since),
		Compared:    p.report.Compared,
		Differed:    p.report.Differed(),
		Issued:      time.Now().UTC(),
		Schemas:     [2]string{p.stores[dual.Old].Schema, p.stores[dual.New].Schema},
		Shape:       p.copier.Shape(),
		Recounted:   p.report.Recounted,
		Mixed:       p.mixed,
		By:          p.config.By,
	})
	if err != nil {
		return fmt.Errorf("store the certificate: %w", err)
	}
	if p.report.Reason == "" && !p.config.off.rule {
		// What the gates would say of it, by their own rule.
		if p.report.Reason, err = control.NewCoordinator(p.migration.Control(), p.migration.Journal()).Doubt(ctx, p.kind); err != nil {
			return fmt.Errorf("ask whether the certificate counts: %w", err)
		}
	}
	if p.report.Reason == "" && p.report.Differed() > 0 {
		p.report.Reason = "the stores differ: once the differing keys are repaired, verify again"
	}
	p.report.Certified = p.report.Reason == ""
	return nil
}
