#!/bin/sh
# Another parser of mail finds the same parts: in sound mails all of them, in
# spoilt ones what both can read.
. "${0%/*}/../lib.sh"
PARTS=$BUILD/tests/tools/gmime-parts
[ -x "$PARTS" ] || {
	echo '1..0 # skip GMime is not installed'
	exit 0
}
code 'sound mails of all structures' 0 "$PARTS" --sound 3000
"$PARTS" --hostile 3000 >out
ok "spoilt mails: $(tail -n 1 out), at most half" \
    awk 'END { exit !($1 < $3 / 2) }' out
done_testing
