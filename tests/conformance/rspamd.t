#!/bin/sh
# SPF, DKIM, ARC and DMARC over the mails of rspamd's tests, where they are at
# hand: every expectation, or the reason why not in rspamd.pl.
. "${0%/*}/../lib.sh"
. "$ROOT/tests/dns.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/mailauth/rspamd
[ -d "$DATA" ] || {
	echo '1..0 # skip no mails of rspamd'
	exit 0
}
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
perl "$TESTS/conformance/rspamd.pl" "$DATA" .
dns_start dns || exit 1
"$BUILD/tests/tools/mailauth" "$DNS" <checks >answers
paste wants answers | awk -F '\t' '{
	got = $3 == "fail" && $4 != "" ? $3 " " $4 : $3
	want = $2; not = sub(/^!/, "", want)
	# Of several signatures one may say so.
	hit = got == want || index(" " got " ", " " want " ") > 0
	if (hit == not) print $1 ": " got ", want " $2
}' >differs
sed 's/^/# /' differs
is "$(wc -l <wants | tr -d ' ') expectations, all agree" "$(cat differs)" ""

# Who wrote it.  A comment is no name there; old programs write names so, and
# kith takes it for one, behind the name or in its place.
awk -F '\t' '$6 ~ /^GET_FROM/ && $4 !~ /Rewrite/ && $6 ~ /\|/ {
	split($6, part, " [|] "); split(part[2], word, ",")
	print $3 "\t" word[1] "\t" word[2] }' "$DATA/expected.tsv" >authors
while IFS='	' read -r file name address; do
	kith-ingest -f mail "$DATA/$file" | kith-normalize |
	    jq -r '.from | "\(.name // "" | gsub(" ?\\(?Comment text\\)?"; ""))\t\(.email)"' |
	    { IFS='	' read -r got_name got_address
	      [ "$got_name $got_address" = "$name $address" ] ||
		echo "$file: $got_name <$got_address>, want $name <$address>"; }
done <authors >differs
is "$(wc -l <authors | tr -d ' ') authors, all agree" "$(cat differs)" ""
done_testing
