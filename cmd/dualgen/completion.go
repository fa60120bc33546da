package main

import (
	"context"
	"fmt"
	"strings"
)

// completionScripts are templates; %s stands for the commands.
var completionScripts = []struct{ shell, script string }{
	{"bash", `_dualgen() {
	local word="${COMP_WORDS[COMP_CWORD]}"
	if [ "$COMP_CWORD" -eq 1 ]; then
		COMPREPLY=($(compgen -W "%s" -- "$word") $(compgen -d -- "$word"))
	else
		COMPREPLY=($(compgen -W "-tags -json -v ./..." -- "$word") $(compgen -d -- "$word"))
	fi
}
complete -F _dualgen dualgen
`},
	{"zsh", `#compdef dualgen
_arguments '1:command:(%s)' '*:package:_files -/'
`},
	{"fish", `complete -c dualgen -n __fish_use_subcommand -f -a '%s'
complete -c dualgen -n 'not __fish_use_subcommand' -a '(__fish_complete_directories)'
`},
}

// completion prints a shell's completion script.
func completion(_ context.Context, t *terminal, args []string) error {
	var shells []string
	for _, c := range completionScripts {
		if len(args) == 1 && args[0] == c.shell {
			var names []string
			for _, command := range commands() {
				names = append(names, command.name)
			}
			fmt.Fprintf(t.out, c.script, strings.Join(names, " "))
			return nil
		}
		shells = append(shells, c.shell)
	}
	return misuse{fmt.Errorf("completion takes one shell: %s", strings.Join(shells, ", "))}
}
