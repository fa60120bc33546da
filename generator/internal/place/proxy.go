package place

import (
	"path"
	"path/filepath"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Proxy decides where the client and the server for other processes go; nil for nowhere. It reports what keeps them from there.
func Proxy(s *load.Subject, out *plan.Output) *plan.Proxy {
	said := s.Request.Flags.Proxy
	if said.Text == "" {
		return nil
	}
	dir := source.Absolute(s.Request.Dir(), said.Text)
	apart := "name a file of another package: -out " + s.Pkg.Name + "dual/" + text.Snake(s.Object.Name()) + "_dual.go"
	switch module := s.Pkg.Module; {
	case len(s.Params) > 0:
		s.Reports.Addf(said.Pos, "drop -proxy, or wrap an instantiation of it", "-proxy: %s is generic, and what is carried needs a type", s.Object.Name())
	case strings.HasSuffix(said.Text, ".go"):
		s.Reports.Addf(said.Pos, "name a directory: -proxy "+path.Dir(filepath.ToSlash(said.Text)), "-proxy %s is a file", said.Text)
	case s.Pkg.Name == "main":
		s.Reports.Addf(said.Pos, "move the interface to a package that can be imported", "-proxy: a client cannot import package main")
	case out.Package == s.Pkg.Types:
		s.Reports.Addf(said.Pos, apart, "-proxy: the wrapper stands beside %s, so that each client would import both stores", s.Object.Name())
	case dir == s.Request.Dir() || dir == filepath.Dir(out.File):
		s.Reports.Addf(said.Pos, "name a directory of its own", "-proxy: the client and the server need a package of their own")
	case module == nil || !strings.HasPrefix(dir, module.Dir+string(filepath.Separator)):
		s.Reports.Addf(said.Pos, "name a directory of this module", "-proxy %s lies outside of the module", said.Text)
	default:
		return &plan.Proxy{
			File:   filepath.Join(dir, text.Snake(s.Object.Name())+"_proxy.go"),
			Name:   packageName(dir),
			Path:   path.Join(module.Path, filepath.ToSlash(strings.TrimPrefix(dir, module.Dir))),
			Client: text.UpperFirst(s.Object.Name()) + "Client",
			Prefix: text.LowerFirst(s.Object.Name()),
		}
	}
	return nil
}
