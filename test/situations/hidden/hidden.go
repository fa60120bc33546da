// Package hidden has mails that are archived and come back. Get and List show none that is archived.
package hidden

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such mail")

type Mail struct{ ID, Subject string }

//go:generate go tool dualgen -old Office -new Cabinet
//dualgen:entity Mail type=Filed key=ID get=FindFiled put=PutFiled delete=DropFiled scan=AllFiled methods=Get,Save,Delete,Unarchive,List
type Mails interface {
	Get(ctx context.Context, id string) (Mail, error)
	Save(ctx context.Context, mail Mail) error
	// Delete archives a mail.
	Delete(ctx context.Context, id string) error
	// Unarchive brings a mail back.
	Unarchive(ctx context.Context, id string) error
	List(ctx context.Context) ([]Mail, error)
}

// Filed is a mail with all that a store knows of it.
type Filed struct {
	ID, Subject string
	Archived    bool
}

// Office is a store.
type Office struct{ mails rows.Table[string, Filed] }

func (o *Office) Get(_ context.Context, id string) (Mail, error) {
	filed, err := o.mails.Find(id)
	if err != nil || filed.Archived {
		return Mail{}, ErrNotFound
	}
	return Mail{filed.ID, filed.Subject}, nil
}

func (o *Office) Save(_ context.Context, m Mail) error {
	return o.mails.Upsert(m.ID, Filed{ID: m.ID, Subject: m.Subject})
}

func (o *Office) set(id string, archived bool) error {
	err := o.mails.Change(id, func(f *Filed) { f.Archived = archived })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (o *Office) Delete(_ context.Context, id string) error    { return o.set(id, true) }
func (o *Office) Unarchive(_ context.Context, id string) error { return o.set(id, false) }

func (o *Office) List(context.Context) (all []Mail, err error) {
	for _, filed := range o.mails.Where(func(f Filed) bool { return !f.Archived }) {
		all = append(all, Mail{filed.ID, filed.Subject})
	}
	return all, nil
}

// FindFiled returns a mail, archived or not.
func (o *Office) FindFiled(_ context.Context, id string) (Filed, error) {
	filed, err := o.mails.Find(id)
	if err != nil {
		return filed, ErrNotFound
	}
	return filed, nil
}

// PutFiled stores a mail as it is given.
func (o *Office) PutFiled(_ context.Context, f Filed) error { return o.mails.Upsert(f.ID, f) }

// DropFiled removes a mail for good.
func (o *Office) DropFiled(_ context.Context, id string) error { return o.mails.Remove(id) }

// AllFiled lists all mails, archived or not.
func (o *Office) AllFiled(context.Context) ([]Filed, error) { return o.mails.All(), nil }

// Cabinet is another store.
type Cabinet struct{ Office }
