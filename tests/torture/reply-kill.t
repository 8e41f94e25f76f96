#!/bin/sh
# Kills a run of reply --send at system calls of each kind, runs it again, and
# counts at the other side: nothing is lost, nothing arrives twice, and what
# nobody can know is held as ambiguous.  KITH_WHOLE: at more calls, and then at
# random moments.
#
#	POINTS='CALL:FIRST:STEP:LAST ...'	at which calls
. "${0%/*}/../lib.sh"
# shellcheck source=../sink.sh
. "$TESTS/sink.sh"

DRAFTS=12
start_sink drop=0
mails $DRAFTS >drafts
send() {
	kith-reply -q -t transports/mail.yaml --send -S state <drafts
}

# Does killing by strace work here at all?
if ! strace -f -qq -o trace -e trace=none true 2>/dev/null; then
	echo "1..0 # SKIP strace cannot trace here"
	stop_sink
	exit 0
fi

# try CALL N: one kill, one run more, and the account.
try() {
	rm -rf state
	: >taken
	strace -f -qq -o trace -e trace="$1" \
	    -e inject="$1:signal=SIGKILL:when=$2" kith-reply -q -t transports/mail.yaml --send -S state \
	    <drafts >first 2>/dev/null || killed=$((killed + 1))
	send >second 2>err
	case $? in 0 | 1) ;; *) echo "exit code of the second run" ;; esac
	awk '{ print $2 }' taken | sort | uniq -d | sed 's/^/twice: /'
	sent=$(grep -c '"delivery":{"status":"sent"' second)
	held=$(grep -c '"delivery":{"status":"ambiguous"' second)
	[ $((sent + held)) -eq $DRAFTS ] || echo "lost: $sent sent, $held held"
	arrived=$(wc -l <taken)
	[ "$arrived" -ge "$sent" ] || echo "said to be sent, and is not"
	[ "$arrived" -le $DRAFTS ] || echo "more than there were"
	# What the first run gave out was true.
	grep '"delivery":{"status":"sent"' first | member messageId - |
	    while read -r id; do
		grep -q "<$id>" taken || echo "given out, and is not sent"
	    done
	send >third 2>err
	cmp -s second third || echo "a third run says something else"
	ambiguous=$((ambiguous + held))
}

killed=0 ambiguous=0 points=0
if [ -n "${KITH_WHOLE-}" ]; then
	: "${POINTS:=sendto:1:17:70 pwrite64:1:17:70 fdatasync:1:4:14 recvfrom:2:21:60 connect:1:2:4}"
else
	: "${POINTS:=sendto:18:34:70 pwrite64:18:34:70 fdatasync:5:8:14 recvfrom:23:40:60 connect:1:4:4}"
fi
for point in $POINTS; do
	IFS=: read -r call n step last <<-END
		$point
	END
	wrong=
	while [ "$n" -le "$last" ]; do
		points=$((points + 1))
		try "$call" "$n" >wrong
		[ -s wrong ] && wrong="$wrong $n: $(head -1 wrong)"
		n=$((n + step))
	done
	is "killed at $call: nothing lost, nothing twice" "$wrong" ""
done
# The power goes instead: what was only reserved may have left all the same.
rm -rf state
: >taken
strace -f -qq -o trace -e trace=sendto -e inject=sendto:signal=SIGKILL:when=20 \
    kith-reply -q -t transports/mail.yaml --send -S state <drafts >first 2>/dev/null || :
is "killed: what was reserved was not begun" \
    "$(sqlite3 state/outbox.db "SELECT count(*) > 0 FROM entry
      WHERE state = 'reserved'")" 1
sqlite3 state/outbox.db "UPDATE run SET boot = 'another'"
unknown=$(sqlite3 state/outbox.db "SELECT count(*) FROM entry
  WHERE state IN ('reserved', 'attempting')")
send >second 2>err
is "after another boot it is held" \
    "$(grep -c '"delivery":{"status":"ambiguous"' second)" "$unknown"

echo "# $points points, $killed kills, $ambiguous drafts held"
ok "the kills were kills" test $killed -gt $((points / 2))
ok "some were held, not all" test $ambiguous -gt 0 -a \
    $ambiguous -lt $((points * DRAFTS / 2))
stop_sink
if [ -n "${KITH_WHOLE-}" ]; then
	ok "killed at random moments" "$TESTS/torture/reply-kill-long.sh" 4 200 7
fi
done_testing
