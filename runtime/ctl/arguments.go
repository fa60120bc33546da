package ctl

import (
	"errors"
	"flag"
	"fmt"
	"regexp"
	"strings"

	"github.com/dualgen/dualgen/runtime/internal/limits"
)

// shares are the flags whose value is a share, from 0 to 1.
var shares = map[string]bool{"compare": true, "recount": true, "sample": true, "canary": true, "canary-errors": true}

// meaningful refuses values of flags that mean nothing: negative durations and counts, shares beyond 1, a reason that nothing keeps.
func meaningful(flags *flag.FlagSet) (err error) {
	flags.Visit(func(f *flag.Flag) {
		getter, ok := f.Value.(flag.Getter)
		if !ok {
			return
		}
		wrong := limits.Number("--"+f.Name, getter.Get())
		switch value := getter.Get().(type) {
		case float64:
			if shares[f.Name] {
				wrong = limits.Share("--"+f.Name, value)
			}
		case string:
			if f.Name == "why" {
				wrong = limits.Reason(value)
			}
		}
		if wrong != nil {
			err = errors.Join(err, fmt.Errorf("%w: %w", errUsage, wrong))
		}
	})
	return err
}

// flagWords are the flags in a command's line of use.
var flagWords = regexp.MustCompile(`\[--[^\]]*\]|--[a-z-]+`)

// accepts refuses what would otherwise be dropped without a word: flags end at the first argument, so that those after one, a
// dry run among them, would count for nothing.
func (c command) accepts(args []string) error {
	if c.name == "quarantine" || c.name == "queue" { // what they do with keys takes --confirm behind them
		return nil
	}
	for i, arg := range args {
		switch {
		case i > 0 && strings.HasPrefix(arg, "-"):
			return fmt.Errorf("%w: %s stands after the argument %q: flags come before arguments", errUsage, arg, args[0])
		case strings.TrimSpace(flagWords.ReplaceAllString(c.args, "")) == "":
			return fmt.Errorf("%w: %s takes no argument, and was given %q. Usage: %s %s", errUsage, c.name, arg, c.name, c.args)
		}
	}
	return nil
}
