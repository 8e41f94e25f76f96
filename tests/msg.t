#!/bin/sh
# Messages of Outlook that need room, and what another reader makes of them.
. "${0%/*}/lib.sh"

# A table of sectors that the header has no room for, in whatever order.
i=0
while [ $i -lt 200000 ]; do
	echo "line $i of a file that is larger than eight megabytes"
	i=$((i + 1))
done >large.txt
{
	sed -n '1,/^1000/p' "$TESTS/golden/normalize/msg/sent.txt"
	printf '%s\n' 'attach {' '3705 long 1' '3707 text large.txt' \
		'3701 bytes @large.txt' '}'
} >large
for how in '' -s -4 '-4 -s'; do
	# shellcheck disable=SC2086
	perl "$TESTS/msg.pl" $how "large$how.msg" <large
	kith-ingest "large$how.msg" | jq -r .native.text | tr -d '\r' |
		sed -n '/filename="large/,/^--/p' | sed '/^Content/d; /^ /d; /^--/d; /^$/d' |
		base64 -d >got
	ok "a file of $(wc -c <large.txt) bytes $how" cmp got large.txt
done
head -c 9000000 large.msg >cut.msg
code "cut off in it" 1 kith-ingest cut.msg
like "  is said" "$(cat "$SCRATCH/.err")" 'damaged or cut off'

if ! command -v msgconvert >/dev/null; then
	echo "# SKIP msgconvert is not here: libemail-outlook-message-perl"
	pass "another reader # SKIP msgconvert is not here"
	done_testing
fi
what='[.subject, .text, .messageId, (.attachments // [] |
	map(select(.type != "message/rfc822").blobId))]'
for name in offer sent signed; do
	perl "$TESTS/msg.pl" $name.msg <"$TESTS/golden/normalize/msg/$name.txt"
	msgconvert --outfile $name.eml $name.msg
	ours=$(kith-ingest $name.msg | kith-normalize | jq -c "$what")
	theirs=$(kith-ingest $name.eml | kith-normalize | jq -c "$what")
	is "$name: what msgconvert reads" "$ours" "$theirs"
done
done_testing
