// Package giteastore wraps the object storage and the cache of the forge Gitea.
package giteastore

import (
	"bytes"
	"errors"
	"io"
	"io/fs"

	"code.gitea.io/gitea/modules/cache"
	"code.gitea.io/gitea/modules/storage"
)

// File is a file with its content.
type File struct {
	Path string
	Data []byte
}

// Files keeps attachments, and the artifacts and logs of CI runs. A file is given as a stream, which one store uses up: it
// is copied.
//
//go:generate go tool dualgen
//dualgen:entity File key=Path get=readFile put=saveFile delete=deleteFile methods=Open,Save,Stat,Delete,ServeDirectURL
//dualgen:read Open,ServeDirectURL
//dualgen:key ServeDirectURL path
type Files interface{ storage.ObjectStorage }

func readFile(files Files, path string) (file File, found bool, err error) {
	object, err := files.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, false, nil
	}
	if err != nil {
		return File{}, false, err
	}
	defer func() {
		if closing := object.Close(); err == nil {
			err = closing
		}
	}()
	data, err := io.ReadAll(object)
	return File{path, data}, err == nil, err
}

func saveFile(files Files, file File) error {
	_, err := files.Save(file.Path, bytes.NewReader(file.Data), int64(len(file.Data)))
	return err
}

func deleteFile(files Files, path string) error {
	if err := files.Delete(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Cache keeps texts by their keys, for a while.
//
//go:generate go tool dualgen
//dualgen:entity Entry key=key get=none put=none delete=none methods=Get,Put,Delete,IsExist,PutJSON,GetJSON
//dualgen:primary ChiCache
type Cache interface{ cache.StringCache }
