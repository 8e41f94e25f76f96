#!/bin/sh
# Kills a run of reply --send over many drafts at a moment that a seed decides,
# runs it to its end, and counts at the other side; many times over: a minute
# or two.  Run by scripts/torture.
#
#	tests/torture/reply-kill-long.sh [ROUNDS [DRAFTS [SEED]]]
#
# Ends with 0 where in every round each draft arrived once, or was held and
# arrived at most once.
ROUNDS=${1:-100} DRAFTS=${2:-1000} SEED=${3:-1}
. "${0%/*}/../lib.sh"
# shellcheck source=../sink.sh
. "$TESTS/sink.sh"

export PARALLEL=8
start_sink drop=0
mails "$DRAFTS" >drafts
send() {
	kith-reply -q -t transports/mail.yaml --send -S state <drafts
}

# How long a whole run takes: kills fall anywhere within it.
before=$(date +%s%N)
send >whole
after=$(date +%s%N)
whole=$(((after - before) / 1000))

lost=0 doubled=0 held=0 unsent=0 lies=0 killed=0 round=0
while [ "$round" -lt "$ROUNDS" ]; do
	round=$((round + 1))
	SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
	rm -rf state
	: >taken
	wait=$((SEED / 8 % whole))
	"$BUILD/bin/kith-reply" -q -t transports/mail.yaml --send -S state \
	    <drafts >first 2>/dev/null &
	run=$!
	sleep "$(printf '%d.%06d' $((wait / 1000000)) $((wait % 1000000)))"
	kill -KILL $run 2>/dev/null
	# It has let go of the outbox when it is waited for.
	wait $run 2>/dev/null
	[ $? -ne 137 ] || killed=$((killed + 1))
	send >second 2>err || test $? -eq 1 || {
		echo "round $round, killed after $wait us: the second run:"
		cat err
	}
	awk '{ print $2 }' taken | tr -d '<>' | sort >arrived
	jq -r 'select(.delivery.status == "sent") | .messageId' second |
	    sort >said
	jq -r 'select(.delivery.status == "ambiguous") | .messageId // .id' \
	    second >unknown
	jq -R 'fromjson? | select(.delivery.status == "sent") | .messageId' \
	    first | tr -d '"' | sort >early
	doubled=$((doubled + $(uniq -d arrived | wc -l)))
	lies=$((lies + $(comm -23 said arrived | wc -l) +
	    $(comm -23 early arrived | wc -l)))
	n=$(wc -l <unknown)
	held=$((held + n))
	lost=$((lost + DRAFTS - n - $(wc -l <said)))
	unsent=$((unsent + DRAFTS - $(uniq arrived | wc -l)))
done
stop_sink
echo "$ROUNDS runs of $DRAFTS drafts, $killed killed within ${whole} us:" \
    "lost $lost, doubled $doubled, said to be sent and not $lies," \
    "held $held (of which $unsent had not arrived)"
test $((lost + doubled + lies)) -eq 0
