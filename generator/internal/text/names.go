// Package text takes names apart and puts them together: the words of an identifier, and words that stand in the source.
package text

import (
	"strings"

	"github.com/dualgen/dualgen/internal/identifier"
)

// Camel splits an identifier into its words: GetUserByID is Get, User, By, ID.
func Camel(name string) []string { return identifier.Camel(name) }

// LowerFirst is an identifier with its first word in lower case: ID is id, UserID is userID, HTTPCache is httpCache.
func LowerFirst(name string) string { return identifier.LowerFirst(name) }

// UpperFirst is an identifier with its first letter in upper case.
func UpperFirst(name string) string { return identifier.UpperFirst(name) }

// Snake is an identifier in snake case: UserRepository is user_repository.
func Snake(name string) string { return strings.ToLower(strings.Join(Camel(name), "_")) }

// Singular is the singular of an English noun, as far as names of entities need it.
func Singular(noun string) string {
	lower := strings.ToLower(noun)
	for _, rule := range []struct{ plural, singular string }{
		{"ies", "y"}, {"tuses", "tus"}, {"ruses", "rus"}, {"nuses", "nus"}, {"sses", "ss"}, {"shes", "sh"}, {"ches", "ch"}, {"xes", "x"}, {"ss", "ss"}, {"us", "us"}, {"s", ""},
	} {
		if strings.HasSuffix(lower, rule.plural) && len(lower) > len(rule.plural) {
			return noun[:len(noun)-len(rule.plural)] + rule.singular
		}
	}
	return noun
}

// SameName compares names without regard to case and underscores: user_id is UserID.
func SameName(a, b string) bool { return BareName(a) == BareName(b) }

// BareName is a name in lower case without underscores.
func BareName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
