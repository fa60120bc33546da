package main

import (
	"context"
	"fmt"
	"strings"
)

// completionScripts are templates; %s stands for the commands.
var completionScripts = []struct{ shell, script string }{
	{"bash", `_dualgen() {
	local word="${COMP_WORDS[COMP_CWORD]}" words="" commands="%s"
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="$commands -tags -v ./..."
	else
		case "${COMP_WORDS[1]}" in
		completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
		help) COMPREPLY=($(compgen -W "$commands" -- "$word")); return ;;
		version) return ;;
		explain) words="-json -tags ./..." ;;
		check) words="-proved -tags ./..." ;;
		init) words="-tags" ;;
		*) words="-tags -v ./..." ;;
		esac
	fi
	COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -d -- "$word"))
}
complete -F _dualgen dualgen
`},
	{"zsh", `#compdef dualgen
_dualgen() {
	[[ $words[CURRENT-1] == -tags ]] && return
	(( CURRENT == 2 )) && compadd -- %[1]s
	local -a flags
	case "$words[2]" in
	completion) (( CURRENT == 3 )) && compadd -- bash zsh fish; return ;;
	help) (( CURRENT == 3 )) && compadd -- %[1]s; return ;;
	version) return ;;
	explain) flags=(-json -tags) ;;
	check) flags=(-proved -tags) ;;
	init) flags=(-tags) ;;
	*) flags=(-tags -v) ;;
	esac
	[[ $PREFIX == -* ]] && compadd -- $flags
	_files -/
}
if [ "$funcstack[1]" = _dualgen ]; then
	_dualgen "$@" # a file of fpath, read at the first completion
else
	compdef _dualgen dualgen
fi
`},
	{"fish", `complete -c dualgen -f
complete -c dualgen -n __fish_use_subcommand -a '%[1]s'
complete -c dualgen -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c dualgen -n '__fish_seen_subcommand_from help' -a '%[1]s'
complete -c dualgen -n '__fish_seen_subcommand_from explain' -o json -d 'print JSON'
complete -c dualgen -n '__fish_seen_subcommand_from check' -o proved -d 'hold wrappers to the records of their conformance tests'
complete -c dualgen -n 'not __fish_seen_subcommand_from check completion explain help init version' -o v -d 'name the files that were written'
complete -c dualgen -n 'not __fish_seen_subcommand_from completion version help' -o tags -x -d 'build tags'
complete -c dualgen -n 'not __fish_seen_subcommand_from completion version help' -a '(__fish_complete_directories)'
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
