#!/bin/sh
# Replays what fuzzing found, and the seeds it began with.
. "${0%/*}/lib.sh"
for corpus in "$ROOT"/tests/fuzz/corpus/*; do
	name=${corpus##*/}
	[ -x "$BUILD/tests/fuzz/$name" ] || {
		pass "$name # skip it is not built here"
		continue
	}
	code "$name" 0 "$BUILD/tests/fuzz/$name" "$corpus"
done
done_testing
