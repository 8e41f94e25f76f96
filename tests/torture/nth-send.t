#!/bin/sh
# The n-th call of each kind fails while reply --send works; then it runs again,
# and what the other side took is counted: nothing is lost, nothing arrives
# twice, nothing is said to be sent that is not, and no signal ends it.
# Here a few n; NTH_FIRST, NTH_STEP and NTH_KINDS as in tests/torture/nth.t.
. "${0%/*}/../lib.sh"
# shellcheck source=../sink.sh
. "$TESTS/sink.sh"
[ -z "${KITH_SANITIZED-}" ] || {
	echo "1..0 # SKIP sanitizers have a malloc of their own"
	exit 0
}
first=${NTH_FIRST:-30} step=${NTH_STEP:-7000}
kinds=${NTH_KINDS:-malloc write read sync socket connect send recv}
[ -z "${NTH_FIRST-}" ] ||
	kinds=${NTH_KINDS:-$kinds open mmap truncate lock stat name close poll full}

DRAFTS=4
start_sink drop=0
mails $DRAFTS >drafts
# What is to be tried again later is tried two days later.
later=$(date -u -d '2 days' +%Y-%m-%dT%H:%M:%SZ)
send() {
	kith-reply -q -t transports/mail.yaml --send -S state --now "$later" \
	    <drafts
}

# try KIND N: one failure, one run more, and the account; sets $met.
try() {
	rm -rf state
	: >taken
	NTH_KIND=$1 NTH=$2 LD_PRELOAD=$BUILD/tests/tools/nth.so timeout 60 \
	    kith-reply -q -t transports/mail.yaml --send -S state \
	    <drafts >out1 2>err
	rc=$?
	grep -q '^nth: ' err && echo met >met
	said=$(grep -c '^kith-reply: ' err)
	given=$(grep -c '"delivery":{"status":"sent"' out1)
	case $rc in
	0) [ "$given" -eq $DRAFTS ] || echo "exit 0, $given given out" ;;
	1 | 75) ;;
	2) [ "$said" -gt 0 ] || echo "exit $rc without a word" ;;
	*) echo "exit $rc" ;;
	esac
	send >out2 2>err2
	case $? in 0 | 1) ;; *) echo "exit code of the second run" ;; esac
	awk '{ print $2 }' taken | sort | uniq -d | sed 's/^/twice: /'
	sent=$(grep -c '"delivery":{"status":"sent"' out2)
	held=$(grep -c '"delivery":{"status":"ambiguous"' out2)
	[ $((sent + held)) -eq $DRAFTS ] || echo "lost: $sent sent, $held held"
	[ "$(wc -l <taken)" -ge "$sent" ] || echo "said to be sent, and is not"
	grep '"delivery":{"status":"sent"' out1 | member messageId - |
	    while read -r id; do
		grep -q "<$id>" taken || echo "given out, and is not sent"
	    done
}

for kind in $kinds; do
	n=$first wrong='' tries=0
	[ -n "${NTH_FIRST-}" ] || [ "$kind" = malloc ] || n=2
	while :; do
		rm -f met
		try "$kind" "$n" >wrong
		[ -e met ] || break
		tries=$((tries + 1))
		[ -s wrong ] && wrong="$wrong $n: $(head -1 wrong);"
		n=$((n + step))
	done
	is "reply --send: the n-th $kind fails ($tries n)" "$wrong" ""
done
stop_sink
done_testing
