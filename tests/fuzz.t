#!/bin/sh
# Replays what fuzzing found, and the seeds it began with.
. "${0%/*}/lib.sh"
for corpus in "$ROOT"/tests/fuzz/corpus/*; do
	name=${corpus##*/}
	code "$name" 0 "$BUILD/tests/fuzz/$name" "$corpus"
done
done_testing
