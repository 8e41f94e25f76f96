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
done_testing
