#!/bin/sh
# chat.db of Apple's Messages: what lies beside it, who writes to it meanwhile,
# and files that were made to harm.
. "${0%/*}/lib.sh"
sql=$TESTS/golden/ingest/imessage/chat.sql
sqlite3 chat.db <"$sql" >/dev/null

# ids FILE...: the ROWIDs that come out.
ids() {
	kith-ingest -q "$@" 2>err | jq -r .native.message.ROWID | tr '\n' ' '
}
all=$(seq 29 | tr '\n' ' ')

# What is beside it.
mkdir log
sqlite3 chat.db 'PRAGMA wal_autocheckpoint = 0;' \
	"INSERT INTO message (guid, text, handle_id, date)
	VALUES ('W', 'in the log', 1, 700000000);" \
	'.shell cp chat.db chat.db-wal chat.db-shm log' >/dev/null
rm -f chat.db*
sqlite3 chat.db <"$sql" >/dev/null
ls -l --time-style=full-iso log >before
cat log/* | cksum >>before
is "the log is read" "$(ids log/chat.db)" "${all}30 "
chmod 555 log
is "  in a folder where nobody may write" "$(ids log/chat.db)" "${all}30 "
chmod 755 log
ls -l --time-style=full-iso log >after
cat log/* | cksum >>after
ok "  and nothing is changed beside it" cmp before after
is "  as a folder" "$(ids log)" "${all}30 "
is "    which rejects nothing" "$(cat err)" ""
ln -s log/chat.db link.db
is "  through a link, which is not where the log lies" "$(ids link.db)" "${all}30 "
(cd log && zip -q ../log.zip chat.db chat.db-shm chat.db-wal &&
	tar -czf ../log.tgz chat.db-wal chat.db)
is "  in an archive" "$(ids log.zip)" "${all}30 "
is "  where it stands before the database" "$(ids log.tgz)" "${all}30 "
(cd log && zip -q ../inner.zip chat.db chat.db-wal && cd .. && zip -q outer.zip inner.zip)
is "  in an archive in an archive" "$(ids outer.zip)" "${all}30 "
code "the log as an operand is read with its database" 0 \
	kith-ingest log/chat.db-wal log/chat.db
like "  which is said" "$(cat "$SCRATCH/.err")" 'is read with log/chat.db'
is "  once" "$(wc -l <"$SCRATCH/.out")" 30
mkdir alone
cp log/chat.db-wal alone
code "a log without its database is a reject" 1 kith-ingest alone
like "  which says so" "$(cat "$SCRATCH/.err")" \
	'alone/chat.db-wal: error: goes with an SQLite database'
cp chat.db alone/chat.db
ln -sf ../log/chat.db-wal alone/chat.db-wal
code "a log that is a link is not followed" 1 kith-ingest alone/chat.db
like "  which is said" "$(cat "$SCRATCH/.err")" 'its wal is a link'
is "by a pipe there is none" "$(kith-ingest <log/chat.db 2>err | wc -l)" 29
like "  which is said" "$(cat err)" 'does not come by a pipe'
code "without a folder to put it into nothing comes by a pipe" 1 \
	env TMPDIR=/nonexistent kith-ingest chat.db - <alone/chat.db
like "  which is said" "$(cat "$SCRATCH/.err")" '^kith-ingest: -: error: .*TMPDIR'
is "  and what lies on disk does" "$(wc -l <"$SCRATCH/.out")" 29

# The folder of Messages: what people sent is no source.
mkdir -p Messages/Attachments/0a
cp log/chat.db* Messages
printf 'From: x@riba.example\n\nx\n' >Messages/Attachments/0a/order.eml
cp "$TESTS/formats/vcard/"* Messages/Attachments/0a/
is "attachments are no sources" "$(ids Messages)" "${all}30 "
like "  but counted" "$(kith-ingest -v Messages 2>&1 >/dev/null)" 'files of messages'

# Who writes meanwhile.  The reader waits with its output in a pipe.
sqlite3 many.db "PRAGMA journal_mode = WAL; PRAGMA page_size = 4096;" \
	".read $TESTS/golden/ingest/imessage/chat.sql" \
	"WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n
		WHERE i < 4000)
	INSERT INTO message (ROWID, guid, text, handle_id, date)
	SELECT i, 'N' || i, printf('%.400c', 'x'), 1, 700000000 + i FROM n" >/dev/null
rows=$(sqlite3 many.db 'SELECT count(*) FROM message')
cp many.db kept.db
mkfifo pipe hold
# slowly COMMAND: reads many.db by a pipe, and meanwhile runs the command.
slowly() {
	kith-ingest many.db >pipe 2>err &
	pid=$!
	{
		IFS= read -r first
		"$@"
		printf '%s\n' "$first"
		cat
	} <pipe >got
	wait "$pid"
	rc=$?
}
# Somebody has it open all the while, and with it an index of the log.
sqlite3 many.db <hold >held 2>&1 &
exec 9>hold
echo "PRAGMA wal_autocheckpoint = 0;
	UPDATE message SET text = 'old' WHERE ROWID = 29; SELECT 'ready';" >&9
within grep -q ready held
write() {
	echo "UPDATE message SET text = 'new' WHERE ROWID > 50; SELECT 'written';
	PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(TRUNCATE);
	SELECT 'copied';" >&9
	within grep -q copied held
}
slowly write
like "a writer writes on" "$(cat held)" written
like "  but its log is not copied into the file" "$(cat held)" '^1[|]'
is "  so that what is read is whole" "$rc $(wc -l <got)" "0 $rows"
is "  and as it was" "$(jq -r 'select(.native.message.ROWID >= 100) |
	.native.message.text[:3]' got | sort -u)" xxx
is "  the next time it is new" "$(kith-ingest many.db |
	jq -r .native.message.text | grep -c '^new$')" $((rows - 29))
exec 9>&-
wait
cp kept.db many.db
rm -f many.db-*
over() {
	cp kept.db many.db
}
slowly over
is "one that heeds no lock is seen" "$rc" 1
like "  and said" "$(cat err)" 'was written to while it was read'
sqlite3 rollback.db 'PRAGMA journal_mode = DELETE' ".read $sql" \
	'PRAGMA journal_mode = DELETE' >/dev/null
sqlite3 rollback.db <hold >held &
exec 9>hold
echo "BEGIN EXCLUSIVE; SELECT 'held';" >&9
within test -s held
(sleep 0.3; echo 'COMMIT;' >&9) &
is "a transaction is waited for" "$(ids rollback.db)" "$all"
if [ -n "${KITH_WHOLE-}" ]; then
	echo "BEGIN EXCLUSIVE; SELECT 'again';" >&9
	within grep -q again held
	code "  for five seconds" 1 kith-ingest rollback.db
	like "  and then it is a reject" "$(cat "$SCRATCH/.err")" \
		'another program is writing it: try again'
fi
exec 9>&-
wait
printf '\331\325\005\371' >rollback.db-journal
code "a write that did not come to its end" 1 kith-ingest rollback.db
like "  is said" "$(cat "$SCRATCH/.err")" 'did not come to its end'
rm rollback.db-journal

# Files that were made to harm.
hostile() {
	rm -f bad.db*
	sqlite3 bad.db "$2" >/dev/null
	code "$1" 1 timeout 60 kith-ingest bad.db
	like "  which is said" "$(cat "$SCRATCH/.err")" "$3"
}
base="CREATE TABLE real (ROWID INTEGER PRIMARY KEY, guid, date, handle_id, text);
	INSERT INTO real VALUES (1, 'A', 700000000, 1, 'x');
	CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id);"
hostile "a view in the place of the table" "$base CREATE VIEW message AS
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
	SELECT i AS ROWID, 'A' AS guid, i AS date, 1 AS handle_id FROM n" \
	'no chat.db'
hostile "a virtual table" "CREATE VIRTUAL TABLE message USING
	fts5(guid, date, handle_id)" 'no chat.db'
hostile "a table without ROWID" "CREATE TABLE message (guid PRIMARY KEY, date,
	handle_id) WITHOUT ROWID" 'no such column: rowid'
rm -f bad.db
sqlite3 bad.db "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid, date,
	handle_id, big AS (printf('%.*c', 100000000, 'x')),
	other AS (load_extension('x')) STORED);" 2>/dev/null ||
	sqlite3 bad.db "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid, date,
	handle_id, big AS (printf('%.*c', 100000000, 'x')));"
sqlite3 bad.db "INSERT INTO message (guid, date, handle_id) VALUES ('A', 1, 1)"
is "columns that are computed are none" \
	"$(kith-ingest bad.db | jq -c '.native.message | keys')" \
	'["ROWID","date","guid","handle_id"]'
rm -f bad.db
sqlite3 bad.db "$base ALTER TABLE real RENAME TO message;
	INSERT INTO message VALUES (2, 'B', 700000000, 1, zeroblob(3000000));
	INSERT INTO message VALUES (3, 'C', 700000000, 1, 'x');"
kith-ingest --max-item 1M bad.db >out 2>err
is "a row that is too large costs itself" "$? $(jq -r .native.message.guid out |
	tr '\n' ' ')" "1 A C "
like "  and is said" "$(cat err)" 'bad.db:message/2: error: cannot be read: string or blob too big'
# No index: what belongs to a message is sorted once.
sqlite3 none.db "CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid, date,
	handle_id); CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, guid);
	CREATE TABLE chat_message_join (chat_id, message_id);
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE
		i < 20000) INSERT INTO message SELECT i, i, 700000000, 1 FROM n;
	INSERT INTO chat VALUES (1, 'c');
	INSERT INTO chat_message_join SELECT 1, 20001 - ROWID FROM message;"
is "a table without an index is no hang" "$(timeout 60 kith-ingest none.db |
	jq -r '.native.chats[0].guid' | sort | uniq -c | tr -d ' ')" 20000c
# Pages that are read again and again: each child of the root is the first one.
root=$(sqlite3 none.db "SELECT rootpage FROM sqlite_schema WHERE name = 'message'")
perl -e '
	my ($file, $root) = @ARGV;
	open(my $f, "+<", $file) or die;
	binmode $f;
	my $base = ($root - 1) * 4096;
	seek($f, $base, 0);
	read($f, my $page, 4096);
	my $n = unpack("n", substr($page, 3, 2));
	my $first = substr($page, unpack("n", substr($page, 12, 2)), 4);
	for my $i (0 .. $n - 1) {
		my $at = unpack("n", substr($page, 12 + 2 * $i, 2));
		substr($page, $at, 4) = $first;
	}
	seek($f, $base, 0);
	print $f $page;' none.db "$root"
code "rows that come again and again" 1 timeout 60 kith-ingest none.db
like "  end it" "$(cat "$SCRATCH/.err")" 'its rows are not in order'
ok "  after those that came once" test "$(wc -l <"$SCRATCH/.out")" -lt 1000
# Each page in turn is of zeros, or of another page.
sqlite3 small.db 'PRAGMA page_size = 512' "$(grep -v PRAGMA "$sql")" >/dev/null
pages=$(sqlite3 small.db 'PRAGMA page_count')
bad=
step=9
[ -z "${KITH_WHOLE-}" ] || step=1
for page in $(seq 1 $step "$pages"); do
	cp small.db bad.db
	head -c 512 /dev/zero | dd of=bad.db bs=512 seek=$((page - 1)) \
		conv=notrunc 2>/dev/null
	kith-ingest -q bad.db >out 2>err
	[ $? -le 1 ] || bad="$bad $page:zeros"
	dd if=small.db of=bad.db bs=512 skip=$((pages - page)) seek=$((page - 1)) \
		count=1 conv=notrunc 2>/dev/null
	kith-ingest -q bad.db >out 2>err
	[ $? -le 1 ] || bad="$bad $page:another"
done
is "a page that is broken is no crash" "$bad" ""
done_testing
