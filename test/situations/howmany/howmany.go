// Package howmany has reads of several parcels in one call. Multi and Bulk say how many, the next word what is done.
package howmany

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such parcel")

type Parcel struct {
	Code   string
	Weight int
}

//go:generate go tool dualgen
type Parcels interface {
	GetParcel(ctx context.Context, code string) (Parcel, error)
	SaveParcel(ctx context.Context, parcel Parcel) error
	DeleteParcel(ctx context.Context, code string) error
	ListParcels(ctx context.Context) ([]Parcel, error)

	MultiFindByCode(ctx context.Context, codes []string) ([]Parcel, error)
	BulkLoad(ctx context.Context, codes ...string) ([]Parcel, error)
	// BatchRemove removes parcels.
	BatchRemove(ctx context.Context, codes []string) error
}

// Depot is a store.
type Depot struct{ parcels rows.Table[string, Parcel] }

func (d *Depot) GetParcel(_ context.Context, code string) (Parcel, error) {
	parcel, err := d.parcels.Find(code)
	if err != nil {
		return parcel, ErrNotFound
	}
	return parcel, nil
}

func (d *Depot) SaveParcel(_ context.Context, p Parcel) error      { return d.parcels.Upsert(p.Code, p) }
func (d *Depot) DeleteParcel(_ context.Context, code string) error { return d.parcels.Remove(code) }
func (d *Depot) ListParcels(context.Context) ([]Parcel, error)     { return d.parcels.All(), nil }
func (d *Depot) BulkLoad(ctx context.Context, codes ...string) ([]Parcel, error) {
	return d.MultiFindByCode(ctx, codes)
}

func (d *Depot) MultiFindByCode(_ context.Context, codes []string) (found []Parcel, err error) {
	for _, code := range codes {
		if parcel, err := d.parcels.Find(code); err == nil {
			found = append(found, parcel)
		}
	}
	return found, nil
}

func (d *Depot) BatchRemove(_ context.Context, codes []string) error {
	for _, code := range codes {
		if err := d.parcels.Remove(code); err != nil {
			return err
		}
	}
	return nil
}
