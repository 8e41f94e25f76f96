#!/bin/sh
# An export of each format (tests/formats/NAME/FILE): it is told, and torn in
# every way: what stood before the fault comes out, and what does not is said.
# Each byte in turn where KITH_WHOLE is set, one in three under sanitizers, else
# one in eleven.
. "${0%/*}/lib.sh"
small=11
[ -z "${KITH_WHOLE-}" ] || small=${KITH_SANITIZED:+3}
small=${small:-1}
torn=$BUILD/tests/tools/torn

for folder in "$TESTS"/formats/*/; do
	name=$(basename "$folder" | tr _ -)
	for file in "$folder"*; do
		what="$name: ${file##*/}"
		step=$small
		case $name in
		lines) ;; # by name only
		*) is "$what is told" "$(kith-ingest --why -q "$file" |
			sed -n '1s/.*: //p')" "$name" ;;
		esac
		[ -f "$file" ] || continue
		# A program reads it, each time.
		if [ "$name" = pst ]; then
			step=$((small * 100))
			command -v readpst >/dev/null || {
				pass "$what # SKIP readpst is not here"
				continue
			}
		fi
		if got=$("$torn" "$name" "$file" "$step" 2>&1); then
			echo "# $got"
			pass "$what"
		else
			fail "$what"
			echo "$got" | sed 's/^/# /'
		fi
	done
done
# What the table has and nobody wrote an export of.
is "every format has an export here" "$(kith-ingest --list-formats |
	sed 's/ .*//' | while read -r name; do
		[ -d "$TESTS/formats/$(echo "$name" | tr - _)" ] || echo "$name"
	done)" ""
done_testing
