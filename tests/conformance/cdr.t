#!/bin/sh
# Samples of call detail records, where the folder is there: every row comes
# out; tables with columns that are known become calls, the others are for a
# map.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/cdr
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of call detail records'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# items FILE ROWS CALLS REJECTS
items() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize -q --rejects rejects native >records
	cat more >>rejects
	rows=$(jq -s 'map(.native.rows | length) | add' native)
	printf '# %-36s %d rows %d calls %d rejects\n' "$1" "$rows" \
	    "$(wc -l <records)" "$(wc -l <rejects)"
	is "$1" "$rows $(wc -l <records) $(wc -l <rejects)" "$2 $3 $4"
	is "format of $1" "$(jq -r .source.format native | sort -u)" \
	    asterisk-cdr
}
items cdr-stats/CDRImport-2015-10-26.csv 5 5 0
is '  calls' "$(jq -r '[.sentAt, .from.uri // .from.tel, .to[0].tel,
    .data.duration, .data.talk, .data.disposition] | map(tostring) |
    join(" ")' records | head -1)" \
    '2015-10-21T12:13:10Z tel:904151440 +34798400122 55 50 answered'
# Columns of its own and no header: nothing is lost, and a map makes calls.
items cdr-stats/import_cdr.txt 5 0 5
cat >map.jq <<'Q'
.native.rows[0] | {type: "call", channel: "voice", id: ."column 8",
  sentAt: (."column 10" | tonumber | todate),
  from: {name: ."column 2"}, data: {duration: (."column 4" | tonumber)}}
Q
is '  by a map' "$(kith-normalize -m map.jq native | wc -l)" 5
done_testing
