#!/bin/sh
# Kills merge and merge --follow on a state at system calls of each kind, runs
# them again, and compares with a run that nobody killed: the same state in the
# end, nothing lost, and nothing given out that the state does not know.
#
#	POINTS='CALL:FIRST:STEP:LAST ...'	at which calls; KITH_WHOLE: more
. "${0%/*}/../lib.sh"

if ! strace -f -qq -o trace -e trace=none true 2>/dev/null; then
	echo "1..0 # SKIP strace cannot trace here"
	exit 0
fi

# Two nights: in the second one rows join people of the first, messages of the
# first were edited, and there is more to say than fits between two commits.
cat >write.awk <<'END'
function key(type, value) {
	return "{\"type\":\"" type "\",\"value\":\"" value \
	    "\",\"trust\":\"platform\"}"
}
function record(n, type, ids, text) {
	printf "{\"id\":\"%s%03d\",\"type\":\"%s\",\"channel\":\"chat\"," \
	    "\"direction\":\"inbound\",\"sentAt\":\"2024-05-01T%02d:%02d:00Z\"," \
	    "\"ids\":[%s],\"text\":\"%s\"}\n", substr(type, 1, 1), n, type, \
	    int(n / 60), n % 60, ids, text
}
function one(n) {
	return n % 2 ? key("slack", "T1/U" n % 8) : key("email", n % 8 "@x.org")
}
BEGIN {
	for (long = "x"; length(long) < 30000;)
		long = long long
	if (night == 1)
		for (n = 1; n <= 30; n++)
			record(n, "message", one(n), "as it was")
	for (n = 1; night == 2 && n <= 5; n++)
		record(n, "message", one(n), "as it is now")
	for (n = 31; night == 2 && n <= 90; n++) {
		record(n, "message", one(n), long)
		if (n % 15 == 0)
			record(n, "contact", one(n / 15) "," one(n / 15 + 1), "")
	}
}
END
awk -v night=1 -f write.awk >first.in
awk -v night=2 -f write.awk >second.in
kith-merge -q -S before first.in >first.out

# night FOLDER [--follow]: the second one.
night() {
	folder=$1
	shift
	kith-merge -q --memory 8M -S "$folder" "$@" second.in
}
dump() {
	sqlite3 "$1/people.db" .dump
}
names() {
	jq -r .id 2>/dev/null
}

# try CALL N [--follow]: one kill, one run more, and the account.
try() {
	call=$1 n=$2
	shift 2
	rm -rf st
	cp -R before st
	strace -f -qq -o trace -e trace="$call" \
	    -e inject="$call:signal=SIGKILL:when=$n" \
	    kith-merge -q --memory 8M -S st "$@" second.in >part 2>err ||
	    killed=$((killed + 1))
	head -c "$(wc -c <part)" whole | cmp -s - part || echo "another output"
	# What it gave out is kept.
	sqlite3 st/people.db "SELECT id FROM messages" >kept
	grep -v personMerged part | names | grep -v -x -F -f kept >unknown
	[ -s unknown ] && echo "given out, and not kept"
	night st "$@" >again || echo "exit code of the second run"
	dump st | cmp -s - wanted || echo "another state"
	if [ -z "$*" ]; then
		cmp -s again whole || echo "not the same once more"
		return
	fi
	# People are who they are by now; what became of them is told.
	grep -v personMerged again | names >names.again
	cmp -s names.again names.whole || echo "other records"
	cat part again | grep 'personMerged.*}$' | sort -u >events.again
	cmp -s events.again events || echo "other events"
}

if [ -n "${KITH_WHOLE-}" ]; then
	: "${POINTS:=pwrite64:1:37:150 write:1:3:8 fdatasync:1:4:9}"
else
	: "${POINTS:=pwrite64:38:74:150 write:1:3:4 fdatasync:5:4:9}"
fi

# all [--follow]
all() {
	rm -rf st
	cp -R before st
	night st "$@" >whole
	dump st >wanted
	grep -v personMerged whole | names >names.whole
	grep personMerged whole | sort -u >events
	for point in $POINTS; do
		IFS=: read -r name n step last <<-END
			$point
		END
		wrong=
		killed=0
		while [ "$n" -le "$last" ]; do
			try "$name" "$n" "$@" >problem
			[ -s problem ] && wrong="$wrong $n: $(head -1 problem)"
			n=$((n + step))
		done
		is "merge $*, killed at $name: nothing lost" "$wrong" ""
		echo "# killed $killed times"
	done
}

all
all --follow
is "people did become one" "$(wc -l <events | tr -d ' ')" 4

# Two at once: the second is told to come again.
mkfifo fifo
kith-merge -q -S st --follow <fifo >live &
exec 3>fifo
head -n 1 first.in >&3
within [ -s live ]
code "another run holds the state" 75 kith-merge -S st first.in
code "also for one that follows" 75 kith-merge -S st --follow first.in
exec 3>&-
wait
code "then it is free" 0 kith-merge -q -S st first.in
done_testing
