#!/bin/sh
# Replays what fuzzing found, and the seeds it began with.  Each harness has
# such, which are small, and a dictionary.
. "${0%/*}/lib.sh"
for corpus in "$ROOT"/tests/fuzz/corpus/*; do
	name=${corpus##*/}
	[ -x "$BUILD/tests/fuzz/$name" ] || {
		pass "$name # skip it is not built here"
		continue
	}
	code "$name" 0 "$BUILD/tests/fuzz/$name" "$corpus"
done
without=
for harness in "$ROOT"/tests/fuzz/*.c; do
	name=$(basename "$harness" .c)
	[ -s "$ROOT/tests/fuzz/dict/$name" ] &&
		[ -d "$ROOT/tests/fuzz/corpus/$name" ] || without="$without $name"
done
is "each harness has inputs and a dictionary" "$without" ""
is "a dictionary is a word a line, in quotes" \
    "$(grep -vE '^"([^"\\]|\\[\\"]|\\x[0-9a-f]{2})+"$' "$ROOT"/tests/fuzz/dict/*)" ""
is "inputs are small" \
    "$(find "$ROOT/tests/fuzz/corpus" -type f -size +64k)" ""
done_testing
