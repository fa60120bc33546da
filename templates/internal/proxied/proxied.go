// Package proxied writes the client and the server of an interface for callers in other processes.
package proxied

import (
	"fmt"
	"go/token"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

const proxyPath = "github.com/dualgen/dualgen/runtime/proxy"

// printer prints one file.
type printer struct {
	*printing.File
	repo  *plan.Repository
	proxy *plan.Proxy
}

// Render prints the file of the client and the server.
func Render(repo *plan.Repository, fset *token.FileSet) (printing.Printed, error) {
	own := *repo
	own.Output.Path, own.Output.Name, own.Output.Package = repo.Proxy.Path, repo.Proxy.Name, nil
	taken := printing.NotForImports(&own)
	for _, name := range []string{"answer", "c", "in", "repository", "s", "x", "with", "base", "options"} {
		taken[name] = true
	}
	p := &printer{printing.NewFile(&own, taken), repo, repo.Proxy}
	doc := fmt.Sprintf("Package %s carries the calls of %s.%s from one process to another.", own.Output.Name, repo.Interface.Pkg().Name(), repo.Interface.Name())
	p.PackageComment("// " + strings.Join(printing.Wrap(doc, printing.CommentWidth), "\n// "))
	p.print()
	printed, err := p.Finish(fset, repo.Proxy.File)
	return printed, printing.At(repo.Pos, err)
}

func (p *printer) runtime(name string) *jen.Statement { return p.Qual(proxyPath, "proxy", name) }

// named is the unexported name of a part of the interface: usersGet, usersGetArgs.
func (p *printer) named(parts ...string) string {
	name := p.proxy.Prefix
	for _, part := range parts {
		name += identifier.UpperFirst(part)
	}
	return name
}

func (p *printer) print() {
	p.Put(p.client()...)
	for _, m := range p.proxy.Methods {
		p.Put(p.call(m))
	}
	p.Put(p.server())
	p.Put(p.methods())
	p.Put(p.known())
	for _, m := range p.proxy.Methods {
		if len(m.Args) > 0 {
			p.Put(p.carrier(p.named(m.Name, "args"), m.Args))
		}
		if len(m.Returns) > 0 {
			p.Put(p.carrier(p.named(m.Name, "results"), m.Returns))
		}
	}
	for _, w := range p.proxy.Wires {
		p.wire(w)
	}
}

// client declares the client and its constructor:
//
//	type UsersClient struct{ calls *proxy.Client }
func (p *printer) client() []jen.Code {
	name, typ := p.proxy.Client, func() *jen.Statement { return p.Typ(p.repo.Type) }
	doc := fmt.Sprintf("%s is %s that another process serves, by New%sServer. It may be used by several goroutines at once.",
		name, printing.WithArticle(p.repo.Interface.Name()), identifier.UpperFirst(p.proxy.Prefix))
	made := fmt.Sprintf("New%s makes a client of the server at a base address, such as http://users:8080/proxy. with may be nil.", name)
	return []jen.Code{
		printing.Commented(printing.Wrap(doc, printing.CommentWidth),
			jen.Type().Id(name).Struct(jen.Id("calls").Op("*").Add(p.runtime("Client")))),
		jen.Line().Line(),
		jen.Var().Id("_").Add(typ()).Op("=").Parens(jen.Op("*").Id(name)).Parens(jen.Nil()),
		jen.Line().Line(),
		printing.Commented(printing.Wrap(made, printing.CommentWidth),
			jen.Func().Id("New"+name).Params(jen.Id("base").String(), jen.Id("with").Op("*").Add(p.Qual("net/http", "http", "Client"))).
				Op("*").Id(name).Block(jen.Return(jen.Op("&").Id(name).Values(
				p.runtime("NewClient").Call(jen.Id("base"), jen.Id("with"), jen.Id(p.named("errors")).Op("...")))))),
	}
}

// methods declares how each method is called on the way.
func (p *printer) methods() jen.Code {
	var all []jen.Code
	for _, m := range p.proxy.Methods {
		if m.Local {
			continue
		}
		fields := []printing.Entry{
			{Name: "Name", Value: jen.Lit(p.repo.Interface.Name() + "." + m.Name)},
			{Name: "Shape", Value: jen.Lit(m.Shape)},
		}
		if m.Fills {
			fields = append(fields, printing.Entry{Name: "Fills", Value: jen.True()})
		}
		all = append(all, jen.Id(p.named(m.Name)).Op("=").Add(printing.InlineLiteral(p.runtime("Method"), fields...)))
	}
	if len(all) == 0 {
		return jen.Null()
	}
	return jen.Var().Defs(all...)
}

// known declares the errors that callers find as in the server's process.
func (p *printer) known() jen.Code {
	var all []jen.Code
	for _, v := range p.proxy.Errors {
		all = append(all, jen.Values(jen.Id("Name").Op(":").Lit(v.Pkg().Name()+"."+v.Name()), jen.Id("Err").Op(":").Add(p.In(v.Pkg(), v.Name()))))
	}
	name := p.named("errors")
	return printing.Commented([]string{name + " are found by errors.Is in the client as in the server."},
		jen.Var().Id(name).Op("=").Index().Add(p.runtime("Known")).Add(printing.Lines(all...)))
}

// carrier declares the struct that carries arguments or results.
func (p *printer) carrier(name string, carried []*plan.Carried) jen.Code {
	var fields []jen.Code
	for _, c := range carried {
		fields = append(fields, jen.Id(c.Field).Add(p.wireType(c.Form)))
	}
	return jen.Type().Id(name).Struct(fields...)
}

// carrierType is the type that carries arguments or results.
func (p *printer) carrierType(m *plan.ProxyMethod, what string, carried []*plan.Carried) *jen.Statement {
	if len(carried) == 0 {
		return jen.Struct()
	}
	return jen.Id(p.named(m.Name, what))
}
