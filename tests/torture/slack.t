#!/bin/sh
# Slack exports, JSON and tables that are broken, huge or hostile.
. "${0%/*}/../lib.sh"
CASES=$TESTS/golden/ingest

# sums COMMAND...: in = out + rejected, as -v says.
sums() {
	"$@" -v >out 2>err
	rc=$?
	sed -n 's/.*: in \([0-9]*\), out \([0-9]*\), rejected \([0-9]*\).*/\1 \2 \3/p' \
	    err >sums
	read -r in out rejected <sums
	[ "$rc" -le 2 ] && [ "$in" -eq $((out + rejected)) ] &&
	    [ "$(wc -l <out)" -eq "$out" ]
}

# A zip cut off within its files: what is readable comes out, and the rest is
# said.  (Its directory at the end is not needed.)
size=1700
at=100
bad=0
while [ "$at" -lt "$size" ]; do
	head -c "$at" "$CASES/slack-zip/export.zip" >cut.zip
	kith-ingest cut.zip >out 2>err
	rc=$?
	if [ "$rc" -eq 0 ] || [ "$rc" -gt 2 ] || [ ! -s err ]; then
		bad=$((bad + 1))
		echo "# cut at $at: exit $rc"
	fi
	at=$((at + 577))
done
is 'a truncated zip is said' "$bad" 0

# A day cut off anywhere.
mkdir -p day/support
cp "$CASES/slack-folder/export/users.json" \
    "$CASES/slack-folder/export/channels.json" day
file=$CASES/slack-folder/export/support/2024-06-03.json
size=$(wc -c <"$file")
at=1
bad=0
while [ "$at" -lt "$size" ]; do
	head -c "$at" "$file" >day/support/2024-06-03.json
	sums kith-ingest day || bad=$((bad + 1))
	[ "$rejected" -eq 1 ] || bad=$((bad + 1))
	at=$((at + 331))
done
is 'a day that is cut off costs its last message' "$bad" 0

# One message past the ceiling costs itself.
{
	printf '[{"type":"message","user":"U1","ts":"1717400000.000100","text":"'
	head -c 200000 /dev/zero | tr '\0' x
	printf '"},{"type":"message","user":"U1","ts":"1717400001.000100","text":"next"}]'
} >big.json
code 'an item past --max-item is a reject' 1 \
    kith-ingest --max-item 100K big.json
like 'it names the ceiling' "$(cat .err)" 'max-item'
is 'and the next comes out' "$(grep -c next .out)" 1

# A day of 50 MB in the memory of one item (where the memory of a process can
# be limited: not with a sanitizer).
limit=400000
# shellcheck disable=SC3045
{ (ulimit -v $limit && kith-ingest --version) || limit=unlimited; } \
    >/dev/null 2>&1
{
	printf '['
	yes '{"type":"message","user":"U0ANARU01","ts":"1717400000.000100","text":"where is my parcel, it has not come yet"},' |
	    head -n 500000
	printf '{"type":"message","user":"U1","ts":"1717400001.000100","text":"last"}]'
} >day/support/2024-06-03.json
# shellcheck disable=SC3045
is 'half a million messages' \
    "$( (ulimit -v $limit; kith-ingest day/support/2024-06-03.json) | wc -l)" \
    500001

# Never closed: a string, a quote, brackets.
{
	printf '[{"a":"'
	head -c 3000000 /dev/zero | tr '\0' a
} >open.json
code 'a string without end' 1 kith-ingest --max-item 1M open.json
{
	echo 'id,text,more'
	echo '1,"never closed,x'
	yes '2,b,c' | head -n 300000
} >open.csv
code 'a quote without end' 1 kith-ingest --max-item 1M open.csv
head -c 1000000 /dev/zero | tr '\0' '[' >deep.json
code 'a million brackets' 1 kith-ingest deep.json
{
	head -c 40000 /dev/zero | tr '\0' ,
	echo
	head -c 40000 /dev/zero | tr '\0' ,
	echo
} >wide.csv
code 'more columns than a row may have' 1 kith-ingest wide.csv

# All columns of the same name.
{
	yes 'x,' | head -n 10000 | tr -d '\n'
	printf 'x\n'
	yes '1,' | head -n 10000 | tr -d '\n'
	printf '1\n'
} >same.csv
code 'ten thousand columns of one name' 0 kith-ingest same.csv

# Bytes of any kind under names that promise more.
for name in users.json channels.json 2024-06-03.json a.json a.csv; do
	printf '\000\377\376[{"id":"U0\000"}]\n' >"$name"
	kith-ingest "$name" >out 2>err
	ok "$name of odd bytes ends orderly" test $? -le 2
done
printf '[{"type":"message","user":"U1","ts":"1717400000.000100","text":"caf\351"}]' >2024-06-03.json
like 'text that is no UTF-8 is decoded' "$(kith-ingest 2024-06-03.json)" 'café'
done_testing
