// Package command writes the main package of the console command.
package command

import (
	"fmt"
	"go/token"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Import paths of what the command uses.
const (
	ctlPath     = "github.com/dualgen/dualgen/runtime/ctl"
	controlPath = "github.com/dualgen/dualgen/runtime/control"
	journalPath = "github.com/dualgen/dualgen/runtime/journal"
)

// command writes the main package of the repository's console command. It is written once, without our header, and is the
// user's from then on: what dualgen cannot know are functions that fail until they are filled in.
//
//	func main() { ctl.Main(open) }
func command(f *printing.File, repo *plan.Repository) {
	name := repo.Interface.Name()
	f.PackageComment(fmt.Sprintf("// Command %s moves the data of %s from the old store to the new one. Without arguments it shows what it can do.\n//\n"+
		"// dualgen wrote it once, to begin with: it is yours.", repo.Output.CtlName, name))
	f.Put(jen.Func().Id("main").Params().Add(printing.Inline(f.Qual(ctlPath, "ctl", "Main").Call(jen.Id("open")))))
	ctx := func() *jen.Statement { return jen.Id("ctx").Add(f.Std("context", "Context")) }
	fails := func() *jen.Statement {
		return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err()))
	}
	f.Put(printing.Commented([]string{"open makes the migration over the stores, the control store and the journal of the service."},
		jen.Func().Id("open").Params(ctx()).Params(jen.Op("*").Add(f.Dual("Migration")), jen.Error()).Block(
			jen.List(jen.Id("oldStore"), jen.Id("newStore"), jen.Err()).Op(":=").Id("openStores").Call(jen.Id("ctx")),
			fails(),
			jen.List(jen.Id("flags"), jen.Id("unclean"), jen.Err()).Op(":=").Id("openState").Call(jen.Id("ctx")),
			fails(),
			jen.List(jen.Id("migration"), jen.Err()).Op(":=").Add(f.Dual("NewMigration")).Call(
				f.Dual("Config").Values(jen.Id("Control").Op(":").Id("flags"), jen.Id("Journal").Op(":").Id("unclean"), jen.Id("Identify").Op(":").Id("identify"))),
			fails(),
			f.Qual(repo.Output.Path, repo.Output.Name, repo.Names.Constructor).Call(jen.Id("oldStore"), jen.Id("newStore"), jen.Id("migration")),
			jen.Return(jen.Id("migration"), jen.Nil()))))
	unfilled := func(what string) jen.Code {
		return jen.Return(f.Zero(repo.Stores[0].Type), f.Zero(repo.Stores[1].Type), f.Std("errors", "New").Call(jen.Lit(what)))
	}
	f.Put(printing.Commented([]string{"openStores opens the two stores as the service does."},
		jen.Func().Id("openStores").Params(ctx()).
			Params(f.Typ(repo.Stores[0].Type), f.Typ(repo.Stores[1].Type), jen.Error()).
			Block(unfilled("openStores: open the two stores here"))))
	f.Put(printing.Commented([]string{"openState opens the control store and the journal that the service's instances share. Their tables must be there: Migrate, or",
		"the DDL, of sqlcontrol or cqlcontrol makes them."},
		jen.Func().Id("openState").Params(ctx()).
			Params(f.Qual(controlPath, "control", "Control"), f.Qual(journalPath, "journal", "Journal"), jen.Error()).
			Block(jen.Return(jen.Nil(), jen.Nil(), f.Std("errors", "New").Call(jen.Lit("openState: open the control store and the journal here"))))))
	f.Put(printing.Commented([]string{"identify says which store a store is, and what its schema is, as the service does: see Identify of sqlcontrol and cqlcontrol, and",
		"dual.Fingerprints. Without it the fleet does not begin to write both stores."},
		jen.Func().Id("identify").Params(ctx(), jen.Id("store").Add(f.Dual("Store"))).
			Params(f.Qual(controlPath, "control", "Identity"), jen.Error()).
			Block(jen.Return(f.Qual(controlPath, "control", "Identity").Values(), f.Std("errors", "New").Call(jen.Lit("identify: say which stores these are here"))))))
}

// RenderCommand prints the command's file.
func RenderCommand(repo *plan.Repository, fset *token.FileSet) (printing.Printed, error) {
	own := *repo
	own.Output.Path, own.Output.Name, own.Output.Constraint = repo.Output.CtlPath, "main", ""
	f := printing.NewFile(&own, map[string]bool{"main": true, "open": true, "openStores": true, "openState": true, "identify": true, "flags": true, "unclean": true, "migration": true})
	f.File = jen.NewFilePathName(own.Output.Path, "main")
	f.NoFormat = true
	command(f, repo)
	printed, err := f.Finish(fset, repo.Output.Ctl)
	return printed, printing.At(repo.Pos, err)
}
