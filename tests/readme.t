#!/bin/sh
# The README's own session: its "$ " lines run on the demo's exports, and what
# stands below each must come out.  What else it shows must be true too.
. "${0%/*}/lib.sh"
readme=$ROOT/README.md
cp -R "$TESTS/demo/." .
export KITH_CONFIG=kith.yaml KITH_NOW=2026-03-04T12:00:00Z COLUMNS=100
mkdir steps
awk '/^    \$ / { n++; file = sprintf("steps/%02d", n)
		print substr($0, 7) > (file ".cmd"); more = 1; next }
	more && /^    > / { print substr($0, 7) > (file ".cmd"); next }
	n && /^    / { print substr($0, 5) > (file ".want"); more = 0; next }
	{ n += 0; more = 0; if (file && !/^$/) n = 0 }' "$readme"
for cmd in steps/*.cmd; do
	step=${cmd%.cmd}
	[ -e "$step.want" ] || : >"$step.want"
	sh "$cmd" >"$step.out" 2>&1
	is "$(head -n 1 "$cmd" | cut -c 1-60)" "$(sed 's/ *$//' "$step.out")" \
		"$(sed 's/ *$//' "$step.want")"
done
ok "there were some" test -e steps/04.cmd

for target in $(grep -o '^    make [a-z]*' "$readme" | cut -d' ' -f6 | sort -u); do
	ok "make $target is there" grep -q "^\([a-z]* \)*$target\( [a-z]*\)*:" "$ROOT/Makefile"
done
for page in $(grep -o 'kith[a-z-]*([1-8])' "$readme" | sort -u); do
	ok "$page is there" test -e "$ROOT/man/$(echo "$page" | sed 's/(\(.\))/.\1/')"
done
for prog in "$BUILD"/bin/kith-*; do
	ok "the table has ${prog##*/}" grep -q "| \`kith ${prog##*/kith-}\` |" "$readme"
done
done_testing
