#!/bin/sh
# Tables, Segment calls and shop exports that are cut off, wide, deep or wrong:
# what can be read comes out, the sums are right, nothing crashes.
. "${0%/*}/../lib.sh"
cases=$ROOT/tests/golden/normalize

# sums FILE...: in = out + rejected, for ingest and for normalize.
sums() {
	kith-ingest -v --max-item 1M --rejects "$SCRATCH/r" "$@" \
	    >native 2>err
	rc=$?
	kith-normalize -v --rejects "$SCRATCH/r" native >records 2>>err
	rc=$rc$?
	bad=$(awk '/: in [0-9]+, out/ { gsub(",", ""); n++
	    if ($3 != $5 + $7) print } END { if (n != 2) print "sums", n }' err)
	case $rc in
	[01][01]) ;;
	*) bad="$bad exit $rc" ;;
	esac
	[ -z "$bad" ] || {
		echo "# $1: $bad"
		return 1
	}
}
# cuts FILE: at twenty places, all read by one run.
cuts() {
	size=$(wc -c <"$1")
	rm -rf cut
	mkdir cut
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		head -c $((size * i / 21)) "$1" >"cut/$i-${1##*/}"
	done
	sums cut/*
	is "${1#"$cases"/}, cut off" $? 0
}
cd "$cases" || exit 1
set -- contacts-google/new.csv contacts-google/old.csv \
    contacts-outlook/kontakte.csv segment-calls/calls.jsonl \
    shopify-orders/orders.csv shopify-orders/orders.json
cd "$SCRATCH" || exit 1
for f in "$@"; do
	cuts "$cases/$f"
done

# What stands behind a broken row is read.
{
	echo 'name,email,note'
	for i in 1 2 3 4 5; do
		echo "Ana $i,ana$i@riba.example,\"fine\""
	done
	echo 'Bob,bob@riba.example,"open'
	seq 0 19999 | sed 's/.*/Eva &,eva&@riba.example,fine/'
} >open.csv
kith-ingest --rejects r open.csv >native 2>err
is 'rows behind an open quote' "$(wc -l <native) $(wc -l <r)" '20005 1'
code 'and it shows in the exit code' 1 kith-ingest --rejects r open.csv

# A cell that is larger than an item may be.
{
	echo 'name,email,note'
	printf 'Ana,ana@riba.example,"'
	head -c 3000000 /dev/zero | tr '\0' x
	echo '"'
	echo 'Eva,eva@riba.example,fine'
} >large.csv
kith-ingest --max-item 1M --rejects r large.csv >native 2>err
is 'a cell past --max-item is a reject' "$(wc -l <r)" 1
is 'with room it is a row' "$(kith-ingest large.csv | wc -l)" 2

# Lines of nothing but quotes must not take for ever.
{
	echo 'name,email'
	yes '"' | head -n 200000
} >quotes.csv
ok 'a file of quotes' sh -c 'timeout 20 kith-ingest --rejects r quotes.csv >native; [ $? -le 1 ]'
{
	echo 'name,email'
	yes '"a,"b' | head -n 100000
} >quotes.csv
ok 'a file of broken rows' sh -c 'timeout 20 kith-ingest --rejects r quotes.csv >native; [ $? -le 1 ]'

# Columns.
{
	printf email
	seq 0 16389 | sed 's/^/,c/' | tr -d '\n'
	printf '\nana@riba.example\n'
} >wide.csv
sums wide.csv
is 'too many columns' $? 0
printf 'name,email' >header.csv
is 'a header alone' "$(kith-ingest header.csv | wc -l)" 0
code 'is no error' 0 kith-ingest header.csv
code 'a full disk' 2 sh -c 'kith-ingest open.csv >/dev/full'

# A batch that is one long list.
{
	printf '{"sentAt":"2026-03-02T10:00:00Z","batch":['
	seq 0 4999 | sed 's/.*/{"type":"track","event":"E","userId":"u&","messageId":"m&"},/'
	echo '{"type":"track","event":"E","userId":"u","messageId":"m"}]}'
} >batch.json
kith-ingest batch.json | kith-normalize >records
is 'every call of a batch' "$(wc -l <records)" 5001
is 'each with the time of the batch' \
    "$(grep -c '"sentAt":"2026-03-02T10:00:00Z"' records)" 5001
head -c 200000 batch.json >cut.json
kith-ingest --rejects r cut.json >native 2>err
is 'a batch that is cut off' "$(($(wc -l <native) > 3000)) $(wc -l <r)" '1 1'

# The same twice, and in one process or many, gives the same bytes.
kith-ingest open.csv 2>/dev/null | kith-normalize 2>/dev/null | cksum >one
kith-ingest <open.csv --format contacts-csv 2>/dev/null |
	sed 's/"file":"-"/"file":"open.csv"/' | kith-normalize 2>/dev/null |
	cksum >two
ok 'a pipe gives what the file gives' cmp one two
done_testing
