#!/bin/sh
# Every file of every folder of samples, where they are at hand: none ends a
# tool, none takes ten seconds, and each gives items or says why not.  The table
# is of folders: files, items, rejects of both stages, records.  What they should
# say is the other tests' of this folder.  One file in ten, or all where
# KITH_WHOLE is set.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
step=10
[ -z "${KITH_WHOLE-}" ] || step=1

# one FILE: appends to bad, items, rejects, records.
one() {
	timeout 10 kith-ingest -v --rejects rejected "$1" >native 2>said
	rc=$?
	# 2 says that a file could not be read at all; a signal is more.
	[ "$rc" -le 2 ] || echo "ingest exits $rc: $1" >>bad
	timeout 10 kith-normalize -q --rejects refused native >records 2>>said
	rc=$?
	[ "$rc" -le 2 ] || echo "normalize exits $rc: $1" >>bad
	# An export of nothing is small, or a feed without an entry; what is left
	# out is counted.
	if ! [ -s native ] && ! [ -s rejected ] && [ "$(wc -c <"$1")" -gt 512 ] &&
		! grep -q 'rejected 0, .' said &&
		! { grep -q '<feed\|<rss\|<rdf:' "$1" &&
			! grep -q '<[a-z0-9]*:*\(entry\|item\)[ />]' "$1"; }; then
		echo "nothing is said of $1" >>bad
	fi
	cat native >>items
	cat rejected refused >>rejects
	cat records >>all
	: >rejected
	: >refused
}
printf '# %-14s %6s %8s %8s %8s\n' folder files items rejects records
for folder in "$DATA"/*/; do
	name=$(basename "$folder")
	case $name in
	mailauth | linkage | cases | live) continue ;; # no exports
	esac
	for list in bad items rejects all; do
		: >$list
	done
	find "$folder" -type f ! -name SOURCES.tsv | sort |
		awk -v step="$step" 'NR % step == 1 || step == 1' >files
	while IFS= read -r file; do
		one "$file"
	done <files
	printf '# %-14s %6d %8d %8d %8d\n' "$name" "$(wc -l <files)" \
		"$(wc -l <items)" "$(wc -l <rejects)" "$(wc -l <all)"
	is "$name" "$(head -n 5 bad)" ""
done
done_testing
