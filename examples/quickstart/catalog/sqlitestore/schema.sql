CREATE TABLE IF NOT EXISTS packages (
	name           TEXT PRIMARY KEY CHECK (name <> ''),
	version        TEXT NOT NULL,
	section        TEXT NOT NULL,
	priority       TEXT NOT NULL,
	maintainer     TEXT NOT NULL,
	homepage       TEXT,
	size           INTEGER NOT NULL,
	installed_size INTEGER,
	updated        DATETIME NOT NULL
) WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS packages_by_section ON packages (section, name);

CREATE TABLE IF NOT EXISTS dependencies (
	package  TEXT NOT NULL REFERENCES packages (name) ON DELETE CASCADE,
	position INTEGER NOT NULL,
	target   TEXT NOT NULL,
	relation TEXT NOT NULL,
	PRIMARY KEY (package, position)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS tags (
	package TEXT NOT NULL REFERENCES packages (name) ON DELETE CASCADE,
	tag     TEXT NOT NULL,
	PRIMARY KEY (package, tag)
) WITHOUT ROWID;
