# For shell tests: TAP, a scratch folder of their own, the built programs in
# PATH.  Usage: . "${0%/*}/../lib.sh" (or "${0%/*}/lib.sh"), then ok, is, plan.
# shellcheck shell=sh
TESTS=$(cd "${TESTS:-${0%/*}}" && pwd)
while [ ! -e "$TESTS/lib.sh" ]; do TESTS=${TESTS%/*}; done
ROOT=${TESTS%/*}
BUILD=${KITH_BUILD:-$ROOT/build}
PATH=$BUILD/bin:$PATH
unset KITH_STATE KITH_CONFIG KITH_NOW NO_COLOR COLUMNS
LC_ALL=C.UTF-8
TZ=UTC
export PATH LC_ALL TZ TESTS
# What tools write beside their state goes to a folder of its own: there the
# walls of --sandbox have a door, and everything else here is before them.
around=$(mktemp -d)
SCRATCH=$around/work
TMPDIR=$around/tmp
export TMPDIR
mkdir "$SCRATCH" "$TMPDIR"
trap 'cd /; rm -rf "$around"' EXIT
trap 'exit 1' HUP INT TERM
cd "$SCRATCH" || exit 1
count=0
failed=0

# pass WHAT / fail WHAT: one result.  Why it failed goes to standard error, where
# prove shows it.
pass() {
	count=$((count + 1))
	echo "ok $count - $1"
}
fail() {
	count=$((count + 1))
	failed=$((failed + 1))
	echo "not ok $count - $1"
	echo "# ${0##*/}: not ok $count - $1" >&2
}
# ok WHAT COMMAND...: the command succeeds.
ok() {
	what=$1
	shift
	if "$@" >"$SCRATCH/.ok" 2>&1; then pass "$what"; else
		fail "$what"
		sed 's/^/# /' "$SCRATCH/.ok" >&2
	fi
}
# is WHAT GOT WANT: two texts are the same.
is() {
	if [ "$2" = "$3" ]; then pass "$1"; else
		fail "$1"
		printf '%s\n' "$2" | sed 's/^/#  got: /' >&2
		printf '%s\n' "$3" | sed 's/^/# want: /' >&2
	fi
}
# like WHAT GOT PATTERN: the text holds a line that matches the expression.
like() {
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then pass "$1"; else
		fail "$1"
		printf '%s\n' "$2" | sed 's/^/#  got: /' >&2
		echo "# want: /$3/" >&2
	fi
}
# code WHAT WANT COMMAND...: the exit code is exactly this.
code() {
	what=$1 want=$2
	shift 2
	"$@" >"$SCRATCH/.out" 2>"$SCRATCH/.err"
	got=$?
	if [ "$got" -eq "$want" ]; then pass "$what"; else
		fail "$what"
		echo "# exit $got, want $want" >&2
		sed 's/^/# /' "$SCRATCH/.err" >&2
	fi
}
# within COMMAND...: waits until the command succeeds, a minute at the most where
# the machine is not busy: who waits for a program never waits for one that died.
within() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ "$tries" -lt 6000 ] || return 1
		sleep 0.01
	done
}
# done_testing: the plan, and the exit code.
done_testing() {
	echo "1..$count"
	[ "$failed" -eq 0 ]
	exit
}
