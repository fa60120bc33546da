package mongostore

import "go.mongodb.org/mongo-driver/v2/bson"

// Package is a document of the collection packages.
type Package struct {
	ID            string        `bson:"_id"` // the UUID's text
	Name          string        `bson:"name"`
	Version       string        `bson:"version"`
	Section       string        `bson:"section"`
	Priority      string        `bson:"priority"`
	Maintainer    string        `bson:"maintainer"`
	Homepage      *string       `bson:"homepage,omitempty"`
	Size          int64         `bson:"size"`
	InstalledSize *int64        `bson:"installedSize,omitempty"`
	Depends       []Dependency  `bson:"depends,omitempty"`
	Tags          []string      `bson:"tags,omitempty"`
	Updated       bson.DateTime `bson:"updated"`
}

// Dependency is a document within a document.
type Dependency struct {
	Target   string `bson:"target"`
	Relation string `bson:"relation,omitempty"`
}
