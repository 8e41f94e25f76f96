#!/bin/sh
# Kills who takes from a spool of hooks, at system calls of all kinds, and who
# reads what it gives: after the next run all bodies are there, and behind merge
# nothing twice.  KITH_WHOLE: at many more calls.
. "${0%/*}/../lib.sh"
# shellcheck source=../spool.sh
. "$TESTS/spool.sh"

N=600
spool_new $N
kith-ingest -C hooks.yaml spool >out
spool_ids out >all
is "all of a spool" "$(wc -l <all) $(spooled)" "$N 0"
is "  in the order of their arrival" \
    "$(jq -r .native.event.text out | cut -c4- | sort -nc 2>&1)" ""

# --- in a pipe a body stays until --done says that it has done its work
spool_new $N
kith-ingest -C hooks.yaml spool | cat >got
is "in a pipe all comes" "$(wc -l <got) $(spooled)" "$N $N"
kith-ingest -C hooks.yaml spool | cat >>got
is "  once more without --done" "$(wc -l <got) $(spooled)" "$((2 * N)) $N"
spool_ids got >ids
ok "  and is the same behind merge" cmp all ids
ok "--done" kith-ingest --done spool
is "  and nothing is left" "$(spooled)" 0
spool_new 3
kith-ingest -C hooks.yaml spool | cat >got
spool_more 2 4
ok "--done of the workspace's" kith-ingest -C hooks.yaml --done
is "  leaves what came since" "$(spooled)" 2
kith-ingest -C hooks.yaml spool | cat >got
is "  which comes" "$(wc -l <got)" 2
mv "$(find spool -name '*.given' | head -n 1)" kept
code "--done after a run that wrote to a file" 0 sh -c '
    kith-ingest -C hooks.yaml spool >got && kith-ingest --done spool'
is "  has nothing to do" "$(spooled)" 0
# What is no item goes aside when it has left.
spool_new 2
printf 'kith-hook 1 nobody 2026-11-30T09:00:00Z -\n{}' >spool/1-1-1.hook
kith-ingest -C hooks.yaml spool 2>/dev/null | cat >got
is "a reject waits, too" "$(wc -l <got) $(spooled) $(find spool -name '*.aside' | wc -l)" '2 3 0'
kith-ingest --done spool
is "  and is aside then" "$(echo spool/[0-9]*)" spool/1-1-1.aside

# --- who reads it dies
spool_new $N
for i in 1 20000 100000; do
	kith-ingest -C hooks.yaml spool 2>/dev/null | head -c $i >part
done
is "a reader that ends: nothing is lost" "$(spooled)" $N
mkfifo lines
kith-ingest -C hooks.yaml --follow spool >lines 2>/dev/null &
follow=$!
# Half a line, and no more.
dd bs=1 count=1000 of=part <lines 2>/dev/null &
reader=$!
wait "$reader"
spool_more 1 $((N + 1))
wait "$follow"
is "one that is gone ends who follows, too" "$(spooled)" $((N + 1))
rm -f got
kith-ingest -C hooks.yaml --follow spool >lines &
follow=$!
cat <lines >got &
reader=$!
within test -s got
kill -9 "$reader"
wait "$reader" 2>/dev/null
spool_more 1 $((N + 2))
wait "$follow"
is "one that is killed" "$(spooled)" $((N + 2))
rm -f got
kith-ingest -C hooks.yaml --follow spool >lines &
follow=$!
cat <lines >got &
reader=$!
all_there() { [ "$(wc -l <got)" -eq "$1" ]; }
within all_there $((N + 2))
spool_more 1 $((N + 3))
within all_there $((N + 3))
kill "$follow"
wait "$follow"
is "a follower that is asked to ends well" "$?" 0
wait "$reader"
is "  and what it gave waits for --done" "$(spooled)" $((N + 3))
kith-ingest -C hooks.yaml --done
is "  and goes" "$(spooled)" 0

# --- what writers that were killed left
spool_new 1
: >spool/.1-1-1.new
: >spool/.2-1-1.new
: >spool/.3-1-1.new
touch -d '2 hours ago' spool/.2-1-1.new spool/.3-1-1.new
# Somebody is still at this one.
flock spool/.3-1-1.new sh -c 'touch locked; while [ -e locked ]; do sleep 0.05; done' &
within test -e locked
kith-ingest -C hooks.yaml spool >got
is "old leftovers go, never what is being written" \
    "$(echo spool/.*.new)" 'spool/.1-1-1.new spool/.3-1-1.new'
rm locked
wait
spool_more 1
kith-ingest -C hooks.yaml spool >got
is "  until nobody writes it" "$(echo spool/.*.new)" 'spool/.1-1-1.new'

# --- killed
if [ -n "${KITH_SANITIZED-}" ] ||
    ! strace -f -qq -o trace -e trace=none true 2>/dev/null; then
	done_testing
fi
# killed WHERE CALL N: a run that is killed there, and one more.
killed() {
	spool_new $N
	case $1 in
	file) run='exec "$@" >>got' ;;
	pipe) run='"$@" | cat >>got' ;;
	esac
	: >got
	sh -c "$run" - strace -f -qq -o trace -e trace="$2" \
	    -e inject="$2:signal=SIGKILL:when=$3" \
	    kith-ingest -C hooks.yaml spool 2>/dev/null || :
	grep -q SIGKILL trace && kills=$((kills + 1))
	sh -c "$run" - kith-ingest -C hooks.yaml spool 2>err || echo "the second run: $(cat err)"
	spool_ids got >ids
	cmp -s all ids || echo "$(wc -l <ids) messages"
	[ "$1" = file ] || {
		[ "$(spooled)" -eq $N ] || echo "$(spooled) in the spool before --done"
		kith-ingest --done spool
	}
	[ "$(spooled)" -eq 0 ] || echo "$(spooled) in the spool"
}
kills=0
if [ -n "${KITH_WHOLE-}" ]; then
	points='openat:20:83:640 write:1:1:4 fsync:1:1:6 renameat:1:83:600 unlinkat:1:83:600 all:300:97:2600'
else
	points='write:1:1:2 fsync:1:2:3 renameat:1:300:301 unlinkat:257:1:257 all:1000:700:1700'
fi
for where in file pipe; do
	for point in $points; do
		IFS=: read -r call n step last <<-END
			$point
		END
		wrong=
		while [ "$n" -le "$last" ]; do
			killed $where "$call" "$n" >wrong
			[ -s wrong ] && wrong="$wrong $n: $(head -1 wrong)"
			n=$((n + step))
		done
		is "killed at $call, to a $where: nothing lost, nothing twice" "$wrong" ""
	done
done
ok "  and it was killed" test "$kills" -gt 6
wrong=
for n in 1 256 600; do
	spool_new $N
	kith-ingest -C hooks.yaml spool | cat >got
	strace -f -qq -o trace -e trace=unlinkat -e inject="unlinkat:signal=SIGKILL:when=$n" \
	    kith-ingest --done spool 2>/dev/null
	spool_more 1 $((N + 1))
	kith-ingest --done spool || wrong="$wrong $n"
	[ "$(spooled)" -eq 1 ] || wrong="$wrong $n: $(spooled)"
done
is "--done, killed: the next one ends it" "$wrong" ""
done_testing
