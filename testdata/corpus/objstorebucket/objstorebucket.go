// Package objstorebucket wraps the object storage of Thanos.
package objstorebucket

import (
	"bytes"
	"context"
	"io"

	"github.com/thanos-io/objstore"
)

// Object is an object with its content.
type Object struct {
	Name string
	Data []byte
}

// Bucket keeps objects. An upload is a stream, which one store uses up: it is copied.
//
//go:generate go tool dualgen
//dualgen:entity Object key=Name get=download put=upload delete=Delete methods=Upload,Get,GetRange,Exists,Attributes
//dualgen:write Upload
//dualgen:read Provider,SupportedIterOptions
type Bucket interface{ objstore.Bucket }

func download(ctx context.Context, bucket Bucket, name string) (object Object, found bool, err error) {
	reader, err := bucket.Get(ctx, name)
	if err != nil {
		if bucket.IsObjNotFoundErr(err) {
			return Object{}, false, nil
		}
		return Object{}, false, err
	}
	defer func() {
		if closing := reader.Close(); err == nil {
			err = closing
		}
	}()
	data, err := io.ReadAll(reader)
	return Object{name, data}, err == nil, err
}

func upload(ctx context.Context, bucket Bucket, object Object) error {
	return bucket.Upload(ctx, object.Name, bytes.NewReader(object.Data))
}
