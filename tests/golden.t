#!/bin/sh
# Golden cases: tests/golden/TOOL/CASE/{cmd,in,out,err,rc}.  cmd is run by sh
# in a scratch copy of the case with `in` on standard input; out, err (absent:
# empty) and rc (absent: 0) must come out exactly.  GOLDEN=write writes them.
#	tests/golden.t [tests/golden/TOOL/CASE...]	these, or all
. "${0%/*}/lib.sh"
# All in one go: a process saved in each case is a second of the suite.
cp -R "$TESTS/golden" "$SCRATCH"
rm -f "$SCRATCH"/golden/*/*/out "$SCRATCH"/golden/*/*/err
if [ $# -eq 0 ]; then
	set -- "$TESTS"/golden/*/*/
else
	# Their places as seen from where it was called, which is no longer here.
	for dir; do
		shift
		set -- "$@" "$TESTS/golden/${dir##*golden/}"
	done
fi
for dir; do
	[ -d "${dir%/}" ] || {
		echo "$dir: no such case" >&2
		exit 2
	}
done
# On all processors, and looked at one after the other behind that.
export SCRATCH TESTS
printf '%s\n' "$@" | xargs -n 8 -P "$(nproc)" sh -c '
	for dir; do
		dir=${dir%/}
		case=$SCRATCH/golden/${dir#"$TESTS"/golden/}
		[ -e "$case/in" ] || : >"$case/in"
		(cd "$case" && exec sh ./cmd <in >.got 2>.goterr)
		echo $? >"$case/.gotrc"
	done' golden
for dir; do
	dir=${dir%/}
	name=${dir#"$TESTS"/golden/}
	case=$SCRATCH/golden/$name
	read -r rc <"$case/.gotrc"
	if [ "${GOLDEN-}" = write ]; then
		cp "$case/.got" "$dir/out"
		cp "$case/.goterr" "$dir/err"
		[ -s "$dir/err" ] || rm -f "$dir/err"
		rm -f "$dir/rc"
		[ "$rc" -eq 0 ] || echo "$rc" >"$dir/rc"
	fi
	want=0
	[ ! -e "$dir/rc" ] || read -r want <"$dir/rc"
	err=$dir/err
	[ -e "$err" ] || err=/dev/null
	same=1
	[ "$rc" -eq "$want" ] && cmp -s "$dir/out" "$case/.got" || same=
	# Most say nothing.
	if [ -e "$dir/err" ] || [ -s "$case/.goterr" ]; then
		cmp -s "$err" "$case/.goterr" || same=
	fi
	if [ -n "$same" ]; then
		pass "$name"
	else
		fail "$name"
		echo "# exit $rc, want $want" >&2
		diff -u "$dir/out" "$case/.got" | sed "s/^/# /" | head -40 >&2
		diff -u "$err" "$case/.goterr" | sed "s/^/# /" | head -20 >&2
	fi
done
done_testing
