package ctl

import (
	"fmt"
	"regexp"
	"strings"
)

// flagWords are the flags in a command's line of use.
var flagWords = regexp.MustCompile(`\[--[^\]]*\]|--[a-z-]+`)

// accepts refuses what would otherwise be dropped without a word: flags end at the first argument, so that those after one, a
// dry run among them, would count for nothing.
func (c command) accepts(args []string) error {
	if c.name == "quarantine" { // what it does with keys takes --confirm behind them
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
