#!/bin/sh
# Golden cases: tests/golden/TOOL/CASE/{cmd,in,out,err,rc}.  cmd is run by sh
# in a scratch copy of the case with `in` on standard input; out, err (absent:
# empty) and rc (absent: 0) must come out exactly.  GOLDEN=write writes them.
# All cases, or those that are named: tests/golden.t tests/golden/report/*
. "${0%/*}/lib.sh"
[ $# -gt 0 ] || set -- "$TESTS"/golden/*/*
for dir; do
	dir=${dir%/}
	dir=$TESTS/golden/${dir##*golden/}
	if [ ! -e "$dir/cmd" ]; then
		fail "$dir: a case has a file cmd"
		continue
	fi
	name=${dir#"$TESTS"/golden/}
	rm -rf "$SCRATCH/case"
	cp -R "$dir" "$SCRATCH/case"
	[ -e "$SCRATCH/case/in" ] || : >"$SCRATCH/case/in"
	rm -f "$SCRATCH/case/out" "$SCRATCH/case/err"
	(cd "$SCRATCH/case" && sh ./cmd <in >.got 2>.goterr)
	rc=$?
	if [ "${GOLDEN-}" = write ]; then
		cp "$SCRATCH/case/.got" "$dir/out"
		cp "$SCRATCH/case/.goterr" "$dir/err"
		[ -s "$dir/err" ] || rm -f "$dir/err"
		rm -f "$dir/rc"
		[ $rc -eq 0 ] || echo $rc >"$dir/rc"
	fi
	want=0
	[ -e "$dir/rc" ] && want=$(cat "$dir/rc")
	[ -e "$dir/err" ] && err=$dir/err || err=/dev/null
	if [ "$rc" -eq "$want" ] &&
	    cmp -s "$dir/out" "$SCRATCH/case/.got" &&
	    cmp -s "$err" "$SCRATCH/case/.goterr"; then
		pass "$name"
	else
		fail "$name"
		echo "# exit $rc, want $want"
		diff -u "$dir/out" "$SCRATCH/case/.got" | sed 's/^/# /' | head -40
		diff -u "$err" "$SCRATCH/case/.goterr" | sed 's/^/# /' | head -20
	fi
done
done_testing
