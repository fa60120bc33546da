// Package queued writes the front of an interface whose writes are queued.
package queued

import (
	"fmt"
	"go/token"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

const queuePath = "github.com/dualgen/dualgen/runtime/queue"

// printer prints one file.
type printer struct {
	*printing.File
	repo *plan.Repository
	q    *plan.Queued
}

// Render prints the file of the front.
func Render(repo *plan.Repository, fset *token.FileSet) (printing.Printed, error) {
	taken := printing.NotForImports(repo)
	for _, name := range []string{"args", "e", "repository", "q"} {
		taken[name] = true
	}
	p := &printer{printing.NewFile(repo, taken), repo, repo.Queued}
	p.front()
	p.apply()
	for _, m := range repo.Methods {
		if queued := p.q.Method(m); queued != nil {
			p.write(queued)
			continue
		}
		p.pass(m)
	}
	printed, err := p.Finish(fset, repo.Queued.File)
	return printed, printing.At(repo.Pos, err)
}

func (p *printer) queue(name string) *jen.Statement { return p.Qual(queuePath, "queue", name) }

func (p *printer) receiver() *jen.Statement {
	return jen.Id(p.repo.Names.Receiver).Op("*").Id(p.q.Front)
}

func (p *printer) field(name string) *jen.Statement { return jen.Id(p.repo.Names.Receiver).Dot(name) }

func (p *printer) entryName(m *plan.Method) string { return p.repo.Interface.Name() + "." + m.Name }

// front declares the front and its constructor:
//
//	type QueuedUsers struct {
//		repository Users
//		queue      queue.Queue
//	}
func (p *printer) front() {
	name := p.repo.Interface.Name()
	doc := fmt.Sprintf("%s implements %s: a write is answered once it stands in the queue, and made by who consumes that with Apply, in order for each key. "+
		"Reads do not wait for it: see queue.WithReceipt.", p.q.Front, name)
	p.Put(printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Type().Id(p.q.Front).Struct(
		jen.Id("repository").Add(p.Typ(p.repo.Type)), jen.Id("queue").Add(p.queue("Queue")))))
	p.Put(jen.Var().Id("_").Add(p.Typ(p.repo.Type)).Op("=").Parens(jen.Op("*").Id(p.q.Front)).Parens(jen.Nil()))
	made := fmt.Sprintf("%s makes a front of a repository: %s, through which the worker writes and everybody reads.", p.q.Constructor, printing.WithArticle(p.repo.Names.Wrapper))
	p.Put(printing.Commented(printing.Wrap(made, printing.CommentWidth),
		jen.Func().Id(p.q.Constructor).Params(jen.Id("repository").Add(p.Typ(p.repo.Type)), jen.Id("q").Add(p.queue("Queue"))).Op("*").Id(p.q.Front).Block(
			jen.Return(jen.Op("&").Id(p.q.Front).Values(jen.Id("repository").Op(":").Id("repository"), jen.Id("queue").Op(":").Id("q"))))))
}

// apply declares what makes the writes:
//
//	func (d *QueuedUsers) Apply(ctx context.Context, e queue.Entry) error {
//		switch e.Method {
//		case "Users.Save":
//			return queue.Call(ctx, e, func(ctx context.Context, args queuedUsersSave) error {
//				return d.repository.Save(ctx, args.User)
//			})
//		}
//		return queue.Unknown(e)
//	}
func (p *printer) apply() {
	var cases []jen.Code
	for _, m := range p.q.Methods {
		args := []jen.Code{}
		for i, param := range m.Params {
			if i == m.Context {
				args = append(args, jen.Id("ctx"))
				continue
			}
			arg := jen.Id("args").Dot(m.Fields[index(m, i)])
			if param.Variadic {
				arg.Op("...")
			}
			args = append(args, arg)
		}
		call := p.field("repository").Dot(m.Name).Call(args...)
		body := []jen.Code{jen.Return(call)}
		if missing := printing.Missing(m.Method); missing != nil && m.Delete { // an earlier attempt may have removed it
			err := jen.Id("err")
			body = []jen.Code{
				jen.If(err.Clone().Op(":=").Add(call), err.Clone().Op("!=").Nil().Op("&&").Op("!").Add(p.Std("errors", "Is")).Call(jen.Id("err"), p.Ref(missing))).
					Block(jen.Return(jen.Id("err"))),
				jen.Return(jen.Nil()),
			}
		}
		do := jen.Func().Params(jen.Id("ctx").Add(p.Std("context", "Context")), jen.Id("args").Id(m.Args)).Error().Block(body...)
		cases = append(cases, jen.Case(jen.Lit(p.entryName(m.Method))).Block(
			jen.Return(p.queue("Call").Call(append([]jen.Code{jen.Id("ctx"), jen.Id("e"), do}, p.answers(m)...)...))))
	}
	p.Put(printing.Commented([]string{"Apply makes a write that was queued. It is what queue.Queue.Consume is given."},
		jen.Func().Params(p.receiver()).Id("Apply").Params(jen.Id("ctx").Add(p.Std("context", "Context")), jen.Id("e").Add(p.queue("Entry"))).Error().Block(
			jen.Switch(jen.Id("e").Dot("Method")).Block(cases...),
			jen.Return(p.queue("Unknown").Call(jen.Id("e"))))))
}

// answers are the errors that settle a write: its method says by them that there is nothing to change.
func (p *printer) answers(m *plan.QueuedMethod) []jen.Code {
	if missing := printing.Missing(m.Method); missing != nil && m.Update {
		return []jen.Code{p.Ref(missing)}
	}
	return nil
}

// index is which of a method's arguments a parameter is.
func index(m *plan.QueuedMethod, param int) int {
	for n, i := range m.Method.Args.Index {
		if i == param {
			return n
		}
	}
	return 0
}

// write declares a write that is queued, and the struct that carries its arguments:
//
//	func (d *QueuedUsers) Save(ctx context.Context, user User) error {
//		return queue.Write(ctx, d.queue, queue.Entry{Key: userKey(user.ID), Method: "Users.Save"}, queuedUsersSave{User: user})
//	}
func (p *printer) write(m *plan.QueuedMethod) {
	var fields []jen.Code
	var values []printing.Entry
	for n, i := range m.Method.Args.Index {
		param := m.Params[i]
		fields = append(fields, jen.Id(m.Fields[n]).Add(p.Typ(param.Type)))
		values = append(values, printing.Entry{Name: m.Fields[n], Value: jen.Id(param.Name)})
	}
	p.Put(printing.Commented([]string{m.Args + " carries the arguments of one " + m.Name + "."}, jen.Type().Id(m.Args).Struct(fields...)))
	var body []jen.Code
	for _, param := range printing.NilableParams(m.Method, m.Key) { // it has no key: the repository says what it makes of it
		body = append(body, jen.If(jen.Id(m.Params[param].Name).Op("==").Nil()).Block(jen.Return(p.field("repository").Dot(m.Name).Call(printing.Pass(m.Params)...))))
	}
	key := keyed.KeyOf(p.File, m.Key.Func, m.Key.Parts, func(part plan.KeyPart) *jen.Statement { return jen.Id(m.Params[part.Param].Name) })
	entry := printing.InlineLiteral(p.queue("Entry"), printing.Entry{Name: "Key", Value: key}, printing.Entry{Name: "Method", Value: jen.Lit(p.entryName(m.Method))})
	given := []jen.Code{jen.Id(m.Params[m.Context].Name), p.field("queue"), entry, printing.InlineLiteral(jen.Id(m.Args), values...)}
	body = append(body, jen.Return(p.queue("Write").Call(append(given, p.answers(m)...)...)))
	p.method(m.Method, body...)
}

// pass declares a method that is called at once.
func (p *printer) pass(m *plan.Method) {
	call := p.field("repository").Dot(m.Name).Call(printing.Pass(m.Params)...)
	if len(m.Results) == 0 {
		p.method(m, call)
		return
	}
	p.method(m, jen.Return(call))
}

func (p *printer) method(m *plan.Method, body ...jen.Code) {
	p.Put(printing.Commented(m.Doc, jen.Func().Params(p.receiver()).Id(m.Name).Params(p.Params(m.Params)...).Add(p.Results(m.Results)).Block(body...)))
}
