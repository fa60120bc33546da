// Package hugostore wraps the template collection of Hugo.
package hugostore

import "github.com/gohugoio/hugo/tpl"

// Templates are the templates of a web site. A template that is added takes the place of one of its name.
//
//go:generate go tool dualgen
//dualgen:entity Text key=name get=none put=none delete=none methods=AddTemplate,Lookup,LookupVariant,LookupVariants,HasTemplate,GetIdentity
//dualgen:lifecycle MarkReady
//dualgen:primary ExecuteWithContext
//dualgen:mirror AddTemplate replay
//dualgen:key LookupVariant,LookupVariants none
type Templates interface {
	tpl.TemplateManager
}
