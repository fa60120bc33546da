package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/dualgen/dualgen/runtime/ctl/internal/doctor"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// doctorReport is what doctor prints.
type doctorReport struct {
	Findings []doctor.Finding `json:"findings"`
	Problems int              `json:"problems"`
	Warnings int              `json:"warnings"`
}

func bindDoctor(flags *flag.FlagSet) func(context.Context, *session) error {
	probe := flags.Bool("probe", false, "in OldOnly or NewOnly: copy an entity of each kind into the store that is not in use, read it back and delete it there")
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			fmt.Fprintln(s.err, "warning:", outlook.Line(err.Error()))
		}
		if *probe {
			if err := s.note(ctx, "probed the kinds with doctor"); err != nil {
				return err
			}
		}
		var report doctorReport
		report.Findings = doctor.Examine(ctx, doctor.Patient{Migration: s.migration, Control: s.control, Probe: *probe})
		for _, f := range report.Findings {
			switch f.Level {
			case doctor.Problem:
				report.Problems++
			case doctor.Warning:
				report.Warnings++
			}
		}
		err := s.print(report, report.write)
		if err == nil && report.Problems > 0 {
			err = errProblems
		}
		return err
	}
}

// errProblems is what doctor ends with where it found problems.
var errProblems = errors.New("doctor found problems; each has its remedy above")

func (r doctorReport) write(w io.Writer) {
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%-8s %s: %s\n", f.Level, f.Check, outlook.Line(f.What))
		if f.Why != "" {
			fmt.Fprintf(w, "%-8s   why: %s\n", "", outlook.Line(f.Why))
		}
		if f.Remedy != "" {
			fmt.Fprintf(w, "%-8s   do:  %s\n", "", outlook.Line(f.Remedy))
		}
	}
	fmt.Fprintf(w, "%d problems, %d warnings\n", r.Problems, r.Warnings)
}
