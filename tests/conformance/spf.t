#!/bin/sh
# SPF held against the suites of RFC 7208 and RFC 4408 and what else there is,
# where they are at hand: every test, or the reason why not.
. "${0%/*}/../lib.sh"
. "$ROOT/tests/dns.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/mailauth/spf
[ -d "$DATA" ] || {
	echo '1..0 # skip no suites of SPF'
	exit 0
}
dns_there || {
	echo '1..0 # skip nsd is not installed: scripts/setup --test-servers'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

# judge WANTS <ANSWERS: a line each that differs.
judge() {
	paste "$1" - | awk -F '\t' '{
		n = split($2, word, "|"); good = 0
		for (i = 1; i <= n; i++) good += word[i] == $4
		# A domain that says nothing of its own leaves it to us.
		why = $3 == "-" || $3 == "DEFAULT" ? $5 : $3
		if (!good || ($4 == "fail" && tolower(why) != tolower($5)))
			print $1 ": " $4 " (" $5 "), want " $2 " (" $3 ")"
	}'
}

# RFC 4408 is what RFC 7208 came from.
for suite in rfc7208-tests test ${KITH_WHOLE:+rfc4408-tests}; do
	mkdir "$suite"
	perl "$TESTS/conformance/spf.pl" "$BUILD/tests/tools/yaml" \
	    "$DATA/$suite.yml" "$suite"
	total=0
	: >differs
	for scenario in "$suite"/[0-9]*; do
		dns_start "$scenario/dns" || exit 1
		"$BUILD/tests/tools/mailauth" "$DNS" <"$scenario/checks" \
		    >"$scenario/answers"
		total=$((total + $(wc -l <"$scenario/wants")))
		judge "$scenario/wants" <"$scenario/answers" |
		    sed "s|^|${scenario##*/} |" >>differs
	done
	dns_stop
	sed 's/^/# /' differs
	is "$suite: $total tests, all agree" "$(cat differs)" ""
done
done_testing
