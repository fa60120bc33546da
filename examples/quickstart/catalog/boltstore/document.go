package boltstore

// Document is a package as the store keeps it: one JSON value under the package's name.
type Document struct {
	Name         string              `json:"name"`
	Version      Version             `json:"version"`
	Section      string              `json:"section"`
	Priority     Priority            `json:"priority"`
	Maintainer   string              `json:"maintainer"`
	Homepage     *string             `json:"homepage,omitempty"`
	ArchiveBytes uint64              `json:"archiveBytes"`
	InstalledKiB *uint32             `json:"installedKiB,omitempty"`
	Needs        []Need              `json:"needs,omitempty"`
	Tags         map[string]struct{} `json:"tags,omitempty"`
	UpdatedAt    Millis              `json:"updatedAt"`
}

// Version is a version, taken apart.
type Version struct {
	Epoch    uint32 `json:"epoch,omitempty"`
	Upstream string `json:"upstream"`
	Revision string `json:"revision,omitempty"`
}

// Need is another package that this one needs.
type Need struct {
	On string `json:"on"`
	If string `json:"if,omitempty"`
}

// Millis is a time in milliseconds since 1970 UTC.
type Millis int64

// Priority is a number; the greater, the more a system needs the package.
type Priority uint8

// The priorities.
const (
	PriorityExtra     Priority = 10
	PriorityOptional  Priority = 20
	PriorityStandard  Priority = 30
	PriorityImportant Priority = 40
	PriorityRequired  Priority = 50
)
