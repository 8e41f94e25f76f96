#!/bin/sh
# A state that an older kith made becomes one of this, whole, or stays as it was;
# what goes on with it gives what it would have given.
#
# tests/state/VERSION.sql is the .dump of a state that a kith of that version made
# of what half() gives.
. "${0%/*}/lib.sh"
export KITH_NOW=2026-11-01T00:00:00Z
G=$TESTS/golden/merge
cases='state participants waiting follow let-in came-back-all'

for c in $cases; do
	case $c in
	state) kith-identify -C "$G/state/kith.yaml" "$G/state/in" ;;
	*) cat "$G/$c/in" ;;
	esac >"$c"
done
half() {
	head -n $(($(wc -l <"$1") / 2)) "$1"
}
# all STATE COMMAND: one after the other.
all() {
	for c in $cases; do
		"$2" "$c" | kith-merge -q -S "$1" 2>/dev/null
	done
	kith-merge -q -S "$1" "$G/versions/in" 2>/dev/null
	kith-merge -q -S "$1" "$G/versions/second"
}
# what STATE: all that it knows, by texts.
what() {
	sqlite3 "$1/people.db" <<-'END'
		SELECT key, since, handed, receipts, (SELECT id FROM persons
			WHERE key = k.person) FROM keys k ORDER BY 1;
		SELECT id, (SELECT key FROM keys WHERE n = p.key) FROM persons p
			ORDER BY 1;
		SELECT a.key, b.key, e.since, record, profile FROM edges e
			JOIN keys a ON a.n = e.a JOIN keys b ON b.n = e.b
			ORDER BY 1, 2;
		SELECT k.key, record, name FROM names JOIN keys k
			ON k.n = names.key ORDER BY 1, 2;
		SELECT id, k.key, trusted, aside, waiting, channels, answered,
			shared FROM conversations LEFT JOIN keys k
			ON k.n = conversations.key ORDER BY 1;
		SELECT c.id, p.key, since, spoke, asked FROM participants p
			JOIN conversations c ON c.n = p.conversation
			ORDER BY 1, 2;
		SELECT ref, c.id, m.id, weak FROM refs LEFT JOIN messages m
			ON m.n = refs.message JOIN conversations c
			ON c.n = refs.conversation ORDER BY 1;
		SELECT m.id, p.id, k.key, c.id, m.time, type, channel, account,
			direction, name, subject, text, keywords, data, place,
			quarantine, content, edited, rank, flags, known,
			answers, asks, guest FROM (SELECT *, NULL AS x FROM
			messages UNION ALL SELECT 0, *, NULL FROM earlier) m
			LEFT JOIN persons p ON p.key = m.person
			LEFT JOIN keys k ON k.n = m.key LEFT JOIN conversations c
			ON c.n = m.conversation ORDER BY m.id, content;
		SELECT * FROM also; SELECT * FROM decided; SELECT * FROM failed;
		SELECT * FROM said; SELECT * FROM aside; SELECT * FROM events;
	END
}

all built half >/dev/null
what built >built.all
mkdir old
{
	cat "$TESTS/state/12.sql"
	echo 'PRAGMA user_version = 12; PRAGMA journal_mode = WAL;'
} | sqlite3 old/people.db >/dev/null
is "a fixture" "$(sqlite3 old/people.db 'SELECT count(*) FROM messages')" \
	"$(sqlite3 built/people.db 'SELECT count(*) FROM messages')"
cp -R old kept

# Readers say what to do; it stays.
code "only read, it is refused" 2 kith-recall -S old participants
like "  which says who makes it one of this" \
	"$(kith-recall -S old participants 2>&1)" 'old/people.db: of an older kith: the next kith merge -S'
is "  and it stays" "$(sqlite3 old/people.db 'PRAGMA user_version')" 12

# A writer that dies in it leaves the old one, or has the new one whole.
if strace -f -qq -o trace -e trace=none true 2>/dev/null; then
	wrong=
	for n in 1 5 10 15 20 25; do
		rm -rf st
		cp -R kept st
		strace -f -qq -o trace -e trace=pwrite64,fdatasync \
			-e "inject=pwrite64,fdatasync:signal=SIGKILL:when=$n" \
			kith-merge -q -S st </dev/null >/dev/null 2>&1
		case $(sqlite3 st/people.db 'PRAGMA user_version') in
		12) [ "$(sqlite3 st/people.db .dump)" = \
			"$(sqlite3 kept/people.db .dump)" ] || wrong="$wrong $n" ;;
		*) what st | cmp -s - built.all || wrong="$wrong $n" ;;
		esac
	done
	is "killed meanwhile, it is whole" "$wrong" ""
fi

ok "the first writer makes it one of this" kith-merge -q -S old /dev/null
what old >old.all
ok "  with all that it knew" cmp old.all built.all
is "  sound" "$(sqlite3 old/people.db 'PRAGMA integrity_check')" ok
all old cat >old.out
all built cat >built.out
ok "what comes then is as if it had been made now" cmp old.out built.out
what old >old.all
what built >built.all
ok "  and is kept so" cmp old.all built.all

# For people who open it.
is "views have ids" "$(sqlite3 old/people.db \
	'SELECT count(*) FROM timeline t JOIN people p ON p.person = t.person')" \
	"$(sqlite3 old/people.db 'SELECT count(*) FROM messages m
		JOIN keys k ON k.person = m.person')"
ok "  of evidence and who waits, too" sqlite3 old/people.db \
	'SELECT * FROM evidence; SELECT * FROM waiting'
# kith state.
: >.mark
is "a sound one" "$(kith-state --check -S old 2>&1)" "people.db: sound"
is "  rows, by table" "$(kith-state -S old | awk -F'\t' '$2 == "messages" { print $1, $3 }')" \
	"people.db $(sqlite3 old/people.db 'SELECT count(*) FROM messages')"
ok "  nothing is written" test -z "$(find old -newer .mark -name '*.db')"
sqlite3 old/people.db 'DELETE FROM persons WHERE key = (SELECT min(key) FROM persons)'
code "a person who is gone is a fault" 1 kith-state --check -S old
like "  which is told" "$(kith-state --check -S old)" '^people.db: [0-9]+ keys whose person is not there$'
cp -R built cut
dd if=/dev/zero of=cut/people.db bs=4096 seek=8 count=4 conv=notrunc 2>/dev/null
code "broken pages are one" 1 kith-state --check -S cut
code "no state" 2 kith-state --check -S nowhere
code "none named" 2 kith-state --check
code "a full disk" 2 sh -c 'kith-state --check -S built >/dev/full'
done_testing
