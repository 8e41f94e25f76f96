#!/bin/sh
# The manuals' examples: every "$ " line of an .Bd -literal block under
# EXAMPLES, with the "> " lines that go on with it, runs in a scratch folder
# with the demo's exports, what the pipeline makes of them (native.jsonl ...
# triaged.jsonl), and tests/examples; what stands below the line must come out
# (nothing: only exit 0 or 1 is asked).  Commands that are displayed elsewhere
# must run without a word.
. "${0%/*}/lib.sh"
KITH_NOW=2026-03-04T12:00:00Z
export KITH_NOW
mkdir "$SCRATCH/base"
cp -R "$TESTS/demo/." "$SCRATCH/base"
[ ! -d "$TESTS/examples" ] || cp -R "$TESTS/examples/." "$SCRATCH/base"
(
	cd "$SCRATCH/base" || exit
	zip -q -r slack-export.zip slack-export
	kith ingest support.mbox slack-export >native.jsonl
	kith normalize -C kith.yaml native.jsonl >messages.jsonl
	kith identify -C kith.yaml messages.jsonl >identified.jsonl
	kith merge -C kith.yaml identified.jsonl >merged.jsonl
	kith recall -C kith.yaml merged.jsonl >recalled.jsonl
	kith route -C kith.yaml recalled.jsonl >triaged.jsonl
	kith reply -C kith.yaml --draft answer triaged.jsonl >drafts.jsonl
	cp triaged.jsonl records.jsonl
)
for man in "$BUILD"/share/man/man?/*.[1-8]; do
	name=${man##*/}
	rm -rf "$SCRATCH/ex" "$SCRATCH/steps"
	mkdir "$SCRATCH/steps"
	cp -R "$SCRATCH/base" "$SCRATCH/ex"
	# An e-mail that leaves the house is not for a test.
	sed -n '/^\.Dl kith .*--send/d; s/^\.Dl \(kith .*\)/\1/p; s/^\.Dl \(jq .*\)/\1/p
		/^\.Bd -literal -offset/,/^\.Ed/{/^kith /,/^\.Ed/{/^\./!p;};}' "$man" |
		sed 's/\\(dq/"/g; s/\\e/\\/g; s/\\&//g' >"$SCRATCH/shown"
	if [ -s "$SCRATCH/shown" ]; then
		(cd "$SCRATCH/ex" && sh "$SCRATCH/shown" >/dev/null) 2>"$SCRATCH/said" </dev/null
		is "$name: $(head -n 1 "$SCRATCH/shown" | cut -c 1-60)" "$(($? > 1))$(cat "$SCRATCH/said")" 0
	fi
	awk -v dir="$SCRATCH/steps" '
	/^\.Sh/ { on = /EXAMPLES/ }
	!on { next }
	/^\.Bd -literal/ { block = 1; next }
	/^\.Ed/ { block = 0; next }
	!block { next }
	{ gsub(/\\e/, "\\"); sub(/^\\&/, "") }
	/^\$ / { n++; file = sprintf("%s/%03d", dir, n)
		print substr($0, 3) > (file ".cmd"); more = 1; next }
	more && sub(/^> /, "") { print > (file ".cmd"); next }
	{ more = 0 }
	n { print > (file ".want") }' "$man"
	for cmd in "$SCRATCH"/steps/*.cmd; do
		[ -e "$cmd" ] || continue
		step=${cmd%.cmd}
		title="$name: $(head -n 1 "$cmd" | cut -c 1-60)"
		(cd "$SCRATCH/ex" && sh "$cmd" >"$step.out" 2>"$step.err" </dev/null)
		rc=$?
		if [ $rc -gt 1 ]; then
			fail "$title"
			sed 's/^/# /' "$step.err"
		elif [ -e "$step.want" ]; then
			# Columns may be filled up with spaces at a line's end.
			is "$title" "$(sed 's/ *$//' "$step.out" "$step.err")" \
				"$(sed 's/ *$//' "$step.want")"
		else
			pass "$title"
		fi
	done
done
done_testing
