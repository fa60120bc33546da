// Package fakes3store wraps what the S3 server gofakes3 keeps objects in.
package fakes3store

import (
	"bytes"
	"context"
	"io"

	"github.com/rclone/gofakes3"
)

// Stored is an object with its content.
type Stored struct {
	Bucket, Name string
	Metadata     map[string]string
	Data         []byte
}

// Objects keeps buckets, and objects in them. An upload is a stream, which one store uses up: it is copied.
//
//go:generate go tool dualgen
//dualgen:entity Bucket key=name get=none put=none delete=none methods=CreateBucket,DeleteBucket,BucketExists,ListBuckets
//dualgen:entity Stored key=Bucket,Name get=download put=upload delete=remove methods=PutObject,CopyObject,DeleteObject,DeleteMulti,GetObject,HeadObject,ListBucket
//dualgen:read BucketExists,HeadObject
//dualgen:write CopyObject
//dualgen:key PutObject bucketName,key
//dualgen:key CopyObject dstBucket,dstKey
//dualgen:key DeleteObject,GetObject,HeadObject bucketName,objectName
//dualgen:key DeleteMulti none
//dualgen:mirror CreateBucket,DeleteMulti replay
//dualgen:gen Object.Contents=contents
type Objects interface{ gofakes3.Backend }

func download(ctx context.Context, store Objects, bucket, name string) (stored Stored, found bool, err error) {
	object, err := store.GetObject(ctx, bucket, name, nil)
	if gofakes3.HasErrorCode(err, gofakes3.ErrNoSuchKey) {
		return Stored{}, false, nil
	}
	if err != nil {
		return Stored{}, false, err
	}
	defer func() {
		if closing := object.Contents.Close(); err == nil {
			err = closing
		}
	}()
	data, err := io.ReadAll(object.Contents)
	return Stored{bucket, name, object.Metadata, data}, err == nil, err
}

func upload(ctx context.Context, store Objects, object Stored) error {
	_, err := store.PutObject(ctx, object.Bucket, object.Name, object.Metadata, bytes.NewReader(object.Data), int64(len(object.Data)))
	return err
}

func remove(ctx context.Context, store Objects, bucket, name string) error {
	_, err := store.DeleteObject(ctx, bucket, name)
	return err
}
