package templates

import (
	"fmt"
	"go/token"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
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
func command(f *file, repo *plan.Repository) {
	name := repo.Interface.Name()
	f.PackageComment(fmt.Sprintf("// Command %s moves the data of %s from the old store to the new one. Without arguments it shows what it can do.\n//\n"+
		"// dualgen wrote it once, to begin with: it is yours.", repo.Output.CtlName, name))
	f.add(jen.Func().Id("main").Params().Add(inline(f.qual(ctlPath, "ctl", "Main").Call(jen.Id("open")))))
	ctx := func() *jen.Statement { return jen.Id("ctx").Add(f.std("context", "Context")) }
	fails := func() *jen.Statement {
		return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err()))
	}
	f.add(commented([]string{"open makes the migration over the stores, the control store and the journal of the service."},
		jen.Func().Id("open").Params(ctx()).Params(jen.Op("*").Add(f.dual("Migration")), jen.Error()).Block(
			jen.List(jen.Id("oldStore"), jen.Id("newStore"), jen.Err()).Op(":=").Id("openStores").Call(jen.Id("ctx")),
			fails(),
			jen.List(jen.Id("flags"), jen.Id("unclean"), jen.Err()).Op(":=").Id("openState").Call(jen.Id("ctx")),
			fails(),
			jen.List(jen.Id("migration"), jen.Err()).Op(":=").Add(f.dual("NewMigration")).Call(
				f.dual("Config").Values(jen.Id("Control").Op(":").Id("flags"), jen.Id("Journal").Op(":").Id("unclean"))),
			fails(),
			f.qual(repo.Output.Path, repo.Output.Name, repo.Names.Constructor).Call(jen.Id("oldStore"), jen.Id("newStore"), jen.Id("migration")),
			jen.Return(jen.Id("migration"), jen.Nil()))))
	unfilled := func(what string) jen.Code {
		return jen.Return(f.zero(repo.Stores[0].Type), f.zero(repo.Stores[1].Type), f.std("errors", "New").Call(jen.Lit(what)))
	}
	f.add(commented([]string{"openStores opens the two stores as the service does."},
		jen.Func().Id("openStores").Params(ctx()).
			Params(f.typ(repo.Stores[0].Type), f.typ(repo.Stores[1].Type), jen.Error()).
			Block(unfilled("openStores: open the two stores here"))))
	f.add(commented([]string{"openState opens the control store and the journal that the service's instances share."},
		jen.Func().Id("openState").Params(ctx()).
			Params(f.qual(controlPath, "control", "Control"), f.qual(journalPath, "journal", "Journal"), jen.Error()).
			Block(jen.Return(jen.Nil(), jen.Nil(), f.std("errors", "New").Call(jen.Lit("openState: open the control store and the journal here"))))))
}

// renderCommand prints the command's file.
func renderCommand(repo *plan.Repository, fset *token.FileSet) (File, error) {
	own := *repo
	own.Output.Path, own.Output.Name, own.Output.Constraint = repo.Output.CtlPath, "main", ""
	f := newFile(&own, map[string]bool{"main": true, "open": true, "openStores": true, "openState": true, "flags": true, "unclean": true, "migration": true})
	f.File = jen.NewFilePathName(own.Output.Path, "main")
	f.NoFormat = true
	command(f, repo)
	printed, err := f.finish(fset, repo.Output.Ctl)
	return printed, at(repo.Pos, err)
}
