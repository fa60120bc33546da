CREATE TABLE IF NOT EXISTS packages (
	id             uuid PRIMARY KEY,
	name           text COLLATE "C" NOT NULL,
	version        text NOT NULL,
	section        text NOT NULL,
	priority       text NOT NULL,
	maintainer     text NOT NULL,
	homepage       text,
	size           bigint NOT NULL,
	installed_size bigint,
	depends        text[] NOT NULL,
	tags           text[] NOT NULL,
	updated        timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS packages_by_section ON packages (section, name, id);
