package sqlcontrol

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/runtime/phase"
)

// markBypass marks a key as a writer that died would leave it: dirty, without a token. A copy that began before this
// transaction's commit has cleared the mark before it read, and waits at this row or finds it marked again at its end; a
// call that holds a token leaves the mark as it is. A quarantine stays, as for any write.
const markBypass = markHead + `(SELECT {m} AS m, key_kind AS kind, key_id AS id, key_primary AS p)` + fromKeys +
	`	dirty = 1, seq = {greatest}(old.seq + 1, new.seq), touched = {now}`

// bypassBody runs at the commit, so that the locks that it takes last as long as the commit only. Braces stand for tables as
// everywhere in this package; angle brackets for what bypassFunction fills in.
//
// The lock on the record's table makes a change of the phase wait until this commit is done, and the other way round: no mark
// with the primary of an earlier phase appears after a gate has looked for such marks. A lock on the row alone would let
// a stream of bypassing writes keep a change of phase waiting for ever. The row is locked as well, so that a transaction
// whose snapshot is older than the phase fails, to be tried again.
const bypassBody = `CREATE OR REPLACE FUNCTION <function>() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $dualgen$
DECLARE
	key_kind CONSTANT text := <kind>;
	key_primary smallint;
	key_ids text[];
	key_id text;
	key_digest text;
	in_phase text;
BEGIN
	LOCK TABLE {record} IN SHARE MODE;
	SELECT body::json ->> 'phase' INTO in_phase FROM {record} WHERE migration = {m} FOR SHARE;
	CASE in_phase
<phases>	ELSE
		RAISE EXCEPTION 'dualgen: no phase of migration % is known, so that this write cannot be marked', {m}
			USING HINT = 'If the migration is over, drop the trigger <name>.';
	END CASE;
	IF TG_OP <> 'INSERT' THEN
		key_ids := ARRAY[<old key>];
	END IF;
	IF TG_OP <> 'DELETE' THEN
		key_ids := key_ids || (<new key>);
	END IF;
	FOR key_id IN SELECT DISTINCT k COLLATE "C" FROM unnest(key_ids) AS k ORDER BY 1 LOOP
		IF octet_length(key_id) > <longest> THEN
			key_digest := E'\\#' || encode(sha256(convert_to(key_id, 'UTF8')), 'hex');
			INSERT INTO {longkey} (migration, digest, id) VALUES ({m}, key_digest, key_id) ON CONFLICT DO NOTHING;
			key_id := key_digest;
		END IF;
		<mark>;
		IF NOT FOUND THEN -- the kind has no row yet
			<add kind>;
			<mark>;
		END IF;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'dualgen: the kind''s row appeared after this transaction began; try again' USING ERRCODE = 'serialization_failure';
		END IF;
	END LOOP;
	RETURN NULL;
END
$dualgen$`

// bypassFunction writes the trigger's function. The columns are quoted.
func (w writer) bypassFunction(place bypassPlace, kind string, columns []string) (string, error) {
	addKey := strings.Replace(addKind, "?", "key_kind", 1)
	text := strings.NewReplacer(
		"<function>", place.function(), "<name>", place.name, "<kind>", quoteText(kind), "<phases>", phaseCases(),
		"<old key>", keyText("OLD", columns), "<new key>", keyText("NEW", columns), "<longest>", fmt.Sprint(maxID),
		"<mark>", indented(w.sql(markBypass)), "<add kind>", indented(w.sql(addKey)),
	).Replace(w.names.Replace(bypassBody))
	if strings.Count(text, "$dualgen$") != 2 {
		return "", errors.New("sqlcontrol: $dualgen$ in a name cannot be quoted")
	}
	return text, nil
}

func indented(statement string) string { return strings.ReplaceAll(statement, "\n", "\n\t\t\t") }

// phaseCases say which store is right in each phase. Where only one is written nothing is marked: a backfill copies all of
// it before the other one counts.
func phaseCases() string {
	var b strings.Builder
	for p := phase.OldOnly; p.Valid(); p++ {
		does := fmt.Sprintf("key_primary := %d; -- %s", p.Primary(), p.Primary())
		if !p.Mirrored() {
			does = "RETURN NULL; -- nothing is mirrored"
		}
		fmt.Fprintf(&b, "\tWHEN '%s' THEN %s\n", p, does)
	}
	return b.String()
}

// keyText is the expression for a row's key: convert.JoinKey and escape in SQL. Texts are written so that they mean the same
// whatever standard_conforming_strings is in the session.
func keyText(row string, columns []string) string {
	parts := make([]string, len(columns))
	for i, column := range columns {
		parts[i] = row + "." + column + "::text"
		if len(columns) > 1 {
			parts[i] = `replace(replace(` + parts[i] + `, '%', '%25'), '/', '%2F')`
		}
	}
	return `replace(` + strings.Join(parts, ` || '/' || `) + `, E'\\', E'\\\\')`
}

// quoteText quotes a text, in the same way.
func quoteText(s string) string {
	return `E'` + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + `'`
}
