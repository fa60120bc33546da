package place

import (
	"go/token"
	"path"
	"path/filepath"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Ctl decides where the console command's main package goes, and reports what keeps it from calling the wrapper's constructor. It is
// written where there is none yet: from then on it is the user's.
func Ctl(s *load.Subject, stores [2]*model.Store, out *plan.Output, names plan.Names) {
	p := placer{Subject: s, stores: stores, out: out}
	p.placeCtl()
	p.exportedForCtl(names)
}

// placeCtl decides where it goes.
func (p *placer) placeCtl() {
	said := p.Request.Flags.Ctl
	if said.Text == "" {
		return
	}
	dir := source.Absolute(p.Request.Dir(), said.Text)
	out := p.out
	switch module := p.Pkg.Module; {
	case len(p.Params) > 0:
		p.Reports.Addf(said.Pos, "drop -ctl, or wrap an instantiation of it", "-ctl: %s is generic, and a command needs a type", p.Object.Name())
		return
	case out.Name == "main" || dir == filepath.Dir(out.File):
		p.Reports.Addf(said.Pos, "name a directory of its own, and write the wrapper to a package that can be imported: -out",
			"-ctl: the command cannot import package %s", out.Name)
		return
	case module == nil || !strings.HasPrefix(dir, module.Dir+string(filepath.Separator)):
		p.Reports.Addf(said.Pos, "name a directory of this module", "-ctl %s lies outside of the module", said.Text)
		return
	}
	out.CtlName = filepath.Base(dir)
	out.CtlPath = path.Join(p.Pkg.Module.Path, filepath.ToSlash(strings.TrimPrefix(dir, p.Pkg.Module.Dir)))
	if !source.HasGoFiles(dir) {
		out.Ctl = filepath.Join(dir, "main.go")
	}
}

// exportedForCtl reports what the command's package could not name.
func (p *placer) exportedForCtl(names plan.Names) {
	if p.out.CtlName == "" {
		return
	}
	for i, s := range p.stores {
		if name := unexportedType(s.Type, nil); name != "" {
			p.Reports.Addf(p.Request.Flags.Ctl.Pos, "export it, or drop -ctl", "-ctl: the command cannot name the %s store's type %s", model.Sides[i], name)
		}
	}
	if !token.IsExported(names.Constructor) {
		p.Reports.Addf(p.Request.Flags.Ctl.Pos, "name the wrapper: -name "+text.UpperFirst(names.Wrapper), "-ctl: the command cannot call %s, which is unexported", names.Constructor)
	}
}
