#!/bin/sh
# Mail samples with expected output beside them, where the folder is there:
# every mail comes out or is rejected with a reason, and the share of fields
# that agree does not fall below what was reached.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/mail
[ -d "$DATA" ] || {
	echo '1..0 # skip no mail samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
find "$DATA" -name '*.eml' -o -name '*.msg' | LC_ALL=C sort >list
xargs kith-ingest --format mail --rejects rejects <list >native
ingested=$?
perl "$TESTS/conformance/mail.pl" --make "$DATA" >>native
kith-normalize --rejects more <native >records
normalized=$?
ok 'no crash' test "$ingested" -le 1 -a "$normalized" -le 1
cat more >>rejects
perl "$TESTS/conformance/mail.pl" "$DATA" records rejects >table
sed 's/^/# /' table

# at_least FIGURE SHARE
at_least() {
	got=$(awk -v name="$1" '/^#/ { next }
	    { share = $NF; sub(/ +[0-9]+ +[0-9]+ +[0-9.]+$/, "")
	      if ($0 == name) print share }' table)
	ok "$1: $got % agree, at least $2" \
	    awk -v a="${got:-0}" -v b="$2" 'BEGIN { exit !(a >= b) }'
}
at_least accounted 100
at_least read 99
at_least subject 95
at_least date 95
at_least from 95
at_least to 95
at_least cc 95
at_least 'text found' 95
# Where multiparts are cut off within each other, mail-parser takes the rest for
# files; by RFC 2046 an outer boundary ends what is within.
at_least 'text equal' 87
at_least all 95
at_least 'mime4j files' 80
at_least 'mime4j sizes' 80
at_least 'mime4j text' 80

# A mailbox, and beside it the mails that it holds.
box=$DATA/mime4j/test-1/mbox.rlug
kith-ingest "$box" >rlug
is 'mails in the mailbox' "$(wc -l <rlug | tr -d ' ')" 5
for i in 0 1 2 3 4; do
	sed -n "$((i + 1))p" rlug |
	    jq -j '.native | .text // (.base64 | @base64d)' >item
	ok "mail $i as it stands" cmp "$box-$i" item
done
done_testing
