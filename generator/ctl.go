package generator

import (
	"go/token"
	"path"
	"path/filepath"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// placeCtl decides where the console command's main package goes. It is written where there is none yet: from then on it is
// the user's.
func (b *builder) placeCtl() {
	said := b.request.flags.ctl
	if said.Text == "" {
		return
	}
	dir := absolute(b.request.dir(), said.Text)
	out := &b.repo.Output
	switch module := b.pkg.Module; {
	case len(b.params) > 0:
		b.reports.Addf(said.Pos, "drop -ctl, or wrap an instantiation of it", "-ctl: %s is generic, and a command needs a type", b.object.Name())
		return
	case out.Name == "main" || dir == filepath.Dir(out.File):
		b.reports.Addf(said.Pos, "name a directory of its own, and write the wrapper to a package that can be imported: -out",
			"-ctl: the command cannot import package %s", out.Name)
		return
	case module == nil || !strings.HasPrefix(dir, module.Dir+string(filepath.Separator)):
		b.reports.Addf(said.Pos, "name a directory of this module", "-ctl %s lies outside of the module", said.Text)
		return
	}
	out.CtlName = filepath.Base(dir)
	out.CtlPath = path.Join(b.pkg.Module.Path, filepath.ToSlash(strings.TrimPrefix(dir, b.pkg.Module.Dir)))
	if !hasGoFiles(dir) {
		out.Ctl = filepath.Join(dir, "main.go")
	}
}

// exportedForCtl reports what the command's package could not name.
func (b *builder) exportedForCtl() {
	if b.repo.Output.CtlName == "" {
		return
	}
	for i, s := range b.in.Stores {
		if name := unexportedType(s.Type, nil); name != "" {
			b.reports.Addf(b.request.flags.ctl.Pos, "export it, or drop -ctl", "-ctl: the command cannot name the %s store's type %s", model.Sides[i], name)
		}
	}
	if !token.IsExported(b.repo.Names.Constructor) {
		b.reports.Addf(b.request.flags.ctl.Pos, "name the wrapper: -name "+text.UpperFirst(b.repo.Names.Wrapper), "-ctl: the command cannot call %s, which is unexported", b.repo.Names.Constructor)
	}
}
