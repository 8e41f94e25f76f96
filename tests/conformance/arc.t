#!/bin/sh
# Chains of ARC held against the suite of RFC 8617, where it is at hand.  Two
# are of a draft: RFC 8617, 4.1.2, makes the message's signature one of DKIM,
# where a missing c= is simple/simple and h= is not empty (RFC 6376, 3.5).
. "${0%/*}/../lib.sh"
. "$ROOT/tests/dns.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/mailauth/arc
[ -d "$DATA" ] || {
	echo '1..0 # skip no suite of ARC'
	exit 0
}
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
mkdir dns
perl "$TESTS/conformance/arc.pl" "$BUILD/tests/tools/yaml" \
    "$DATA/arc-draft-validation-tests.yml" .
dns_start dns || exit 1
"$BUILD/tests/tools/mailauth" "$DNS" <checks >answers
sed '/^ams_fields_\(c_na\|h_empty\)	/s/pass/fail/' wants |
    paste - answers | awk -F '\t' '
	$2 != $3 { print $1 ": " $3 ", want " $2 }' >differs
sed 's/^/# /' differs
is "$(wc -l <wants | tr -d ' ') chains, all agree" "$(cat differs)" ""
done_testing
