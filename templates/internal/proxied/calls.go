package proxied

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// call is a method of the client:
//
//	func (c *UsersClient) Get(ctx context.Context, id string) (users.User, error) {
//		answer, err := proxy.Call[usersGetArgs, usersGetResults](ctx, c.calls, usersGet, usersGetArgs{id})
//		return answer.Results.User, err
//	}
func (p *printer) call(m *plan.ProxyMethod) jen.Code {
	s := newScope(m)
	c := s.Name("c")
	declared := jen.Func().Params(jen.Id(c).Op("*").Id(p.proxy.Client)).Id(m.Name).Params(p.Params(m.Params)...).Add(p.Results(m.Results))
	if m.Local {
		doc := m.Name + " ends the client. What the server serves stays open."
		ended := jen.Id(c).Dot("calls").Dot("Close").Call()
		if m.Error < 0 {
			return printing.Commented([]string{doc}, declared.Block(jen.Id("_").Op("=").Add(ended)))
		}
		return printing.Commented([]string{doc}, declared.Block(jen.Return(ended)))
	}
	var ctx jen.Code = p.Std("context", "Background").Call()
	if m.Context >= 0 {
		ctx = jen.Id(m.Params[m.Context].Name)
	}
	args := []jen.Code{}
	for _, a := range m.Args {
		args = append(args, p.to(a.Form, jen.Id(m.Params[a.Index].Name)))
	}
	in := p.carrierType(m, "args", m.Args)
	passed := []jen.Code{ctx, jen.Id(c).Dot("calls"), jen.Id(p.named(m.Name)), in.Clone().Values(args...)}
	if m.Sequence != nil {
		sequence := p.runtime("Sequence").Types(in, p.wireType(m.Sequence)).Call(passed...)
		if !m.Sequence.AsIs() {
			sequence = p.Convert("Results").Call(sequence, p.function(m.Sequence, false))
		}
		return documented(m, declared.Block(jen.Return(sequence)))
	}
	answer, err := s.Name("answer"), s.Name("err")
	looked := p.looked(m, err)
	if len(m.Returns) == 0 && !m.Fills {
		answer = "_"
	}
	body := append(looked, jen.List(jen.Id(answer), jen.Id(err)).Op(":=").
		Add(p.runtime("Call")).Types(in, p.carrierType(m, "results", m.Returns)).Call(passed...))
	if m.Fills {
		var filled []jen.Code
		for _, a := range m.Args {
			if a.Refers {
				filled = append(filled, p.runtime("Fill").Call(jen.Id(m.Params[a.Index].Name), p.from(a.Form, jen.Id(answer).Dot("Changed").Dot(a.Field))))
			}
		}
		body = append(body, jen.If(jen.Id(answer).Dot("Changed").Op("!=").Nil()).Block(filled...))
	}
	var results []jen.Code
	for _, r := range m.Returns {
		results = append(results, p.from(r.Form, jen.Id(answer).Dot("Results").Dot(r.Field)))
	}
	return documented(m, declared.Block(append(body, jen.Return(append(results, jen.Id(err))...))...))
}

// looked refuses arguments that hold themselves:
//
//	if _, err := convert.Ends(node); err != nil {
//		return err
//	}
func (p *printer) looked(m *plan.ProxyMethod, err string) (all []jen.Code) {
	for _, a := range m.Args {
		if !a.Knots {
			continue
		}
		var results []jen.Code
		for i, r := range m.Results {
			if i != m.Error {
				results = append(results, p.Zero(r.Type))
			}
		}
		all = append(all, jen.If(jen.List(jen.Id("_"), jen.Id(err)).Op(":=").Add(p.Convert("Ends")).Call(jen.Id(m.Params[a.Index].Name)),
			jen.Id(err).Op("!=").Nil()).Block(jen.Return(append(results, jen.Id(err))...)))
	}
	return all
}

// newScope has the names of a method's parameters.
func newScope(m *plan.ProxyMethod) *printing.Scope {
	s := &printing.Scope{}
	if m != nil {
		for _, p := range m.Params {
			s.Taken.Add(p.Name)
		}
	}
	return s
}

func documented(m *plan.ProxyMethod, declaration jen.Code) jen.Code {
	if len(m.Doc) == 0 {
		return declaration
	}
	return printing.Commented(m.Doc, declaration)
}

// server declares what answers the calls:
//
//	func NewUsersServer(repository users.Users, options proxy.Options) *proxy.Server { … }
func (p *printer) server() jen.Code {
	name := "New" + identifier.UpperFirst(p.proxy.Prefix) + "Server"
	doc := fmt.Sprintf("%s answers the calls of clients with those of a repository: a wrapper, or a store. Serve it behind the authentication "+
		"that the service has.", name)
	body := []jen.Code{jen.Id("s").Op(":=").Add(p.runtime("NewServer")).Call(jen.Id("options"), jen.Id(p.named("errors")).Op("..."))}
	for _, m := range p.proxy.Methods {
		if !m.Local {
			body = append(body, p.handle(m))
		}
	}
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		jen.Func().Id(name).Params(jen.Id("repository").Add(p.Typ(p.repo.Type)), jen.Id("options").Add(p.runtime("Options"))).
			Op("*").Add(p.runtime("Server")).Block(append(body, jen.Return(jen.Id("s")))...))
}

// handle adds a method to the server:
//
//	proxy.Handle(s, usersGet, func(ctx context.Context, in *usersGetArgs) (usersGetResults, error) {
//		user, err := repository.Get(ctx, in.ID)
//		return usersGetResults{user}, err
//	})
func (p *printer) handle(m *plan.ProxyMethod) jen.Code {
	s := newScope(nil)
	for _, name := range []string{"ctx", "in", "s", "repository"} {
		s.Name(name)
	}
	in := jen.Id("in").Op("*").Add(p.carrierType(m, "args", m.Args))
	ctx := "_"
	if m.Context >= 0 {
		ctx = "ctx"
	}
	params := []jen.Code{jen.Id(ctx).Add(p.Std("context", "Context")), in}
	body, passed, back := p.passed(m, s)
	called := jen.Id("repository").Dot(m.Name).Call(passed...)
	if m.Sequence != nil {
		if !m.Sequence.AsIs() {
			called = p.Convert("Results").Call(called, p.function(m.Sequence, true))
		}
		returned := p.Qual("iter", "iter", "Seq2").Types(p.wireType(m.Sequence), jen.Error())
		return p.runtime("HandleSequence").Call(jen.Id("s"), jen.Id(p.named(m.Name)), jen.Func().Params(params...).Add(returned).Block(append(body, jen.Return(called))...))
	}
	results := p.carrierType(m, "results", m.Returns)
	var locals, values []jen.Code
	for _, r := range m.Returns {
		local := s.Name(m.Results[r.Index].Name)
		locals, values = append(locals, jen.Id(local)), append(values, p.to(r.Form, jen.Id(local)))
	}
	if len(values) == 0 && len(back) == 0 {
		body = append(body, jen.Return(jen.Struct().Values(), called))
	} else {
		err := s.Name("err")
		body = append(body, jen.List(append(locals, jen.Id(err))...).Op(":=").Add(called))
		for i, r := range m.Returns {
			if r.Knots {
				body = append(body, p.Convert("MustEnd").Call(locals[i])) // net/http recovers
			}
		}
		body = append(body, back...)
		body = append(body, jen.Return(results.Clone().Values(values...), jen.Id(err)))
	}
	return p.runtime("Handle").Call(jen.Id("s"), jen.Id(p.named(m.Name)), jen.Func().Params(params...).Params(results, jen.Error()).Block(body...))
}

// passed are the arguments of the repository's method. before makes those that need another form; back puts them into in again.
func (p *printer) passed(m *plan.ProxyMethod, s *printing.Scope) (before, passed, back []jen.Code) {
	carried := map[int]*plan.Carried{}
	for _, a := range m.Args {
		carried[a.Index] = a
	}
	for i, param := range m.Params {
		if i == m.Context {
			passed = append(passed, jen.Id("ctx"))
			continue
		}
		a := carried[i]
		arg := jen.Id("in").Dot(a.Field)
		if !a.Form.AsIs() {
			if a.Refers {
				local := s.Name(param.Name)
				before = append(before, jen.Id(local).Op(":=").Add(p.from(a.Form, arg)))
				back = append(back, arg.Clone().Op("=").Add(p.to(a.Form, jen.Id(local))))
				arg = jen.Id(local)
			} else {
				arg = p.from(a.Form, arg)
			}
		}
		if param.Variadic {
			arg = arg.Clone().Op("...")
		}
		passed = append(passed, arg)
	}
	return before, passed, back
}
