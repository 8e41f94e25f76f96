#!/bin/sh
# The faults of reading that were found, where they are at hand (formats.tsv): a
# row has the input, the workspace file or map that it needs, the last stage, and
# what must be true of all records of that stage.
. "${0%/*}/../lib.sh"
CASES=${KITH_DATA:-$ROOT/../shared/data}/cases
[ -f "$CASES/formats.tsv" ] || {
	echo '1..0 # skip no cases'
	exit 0
}
CASES=$(cd "$CASES" && pwd)
here=$PWD

# stages LAST: what comes behind ingest, up to this one.
stages() {
	for s in normalize identify merge; do
		[ "$1" = ingest ] || echo $s
		[ "$1" != $s ] || break
	done
}

# try FILE CONF LAST WANT CHECK
try() {
	config='' map=''
	case $2 in
	'') ;;
	map:*) map="--map ${2#map:}" ;;
	*) config="-C $2" ;;
	esac
	# shellcheck disable=SC2086
	kith-ingest -q $config "$1" >"$here/now"
	rc=$?
	[ "$4" != rc0 ] || [ $rc -eq 0 ] || return 1
	for s in $(stages "$3"); do
		[ "$s" = normalize ] || map=''
		# shellcheck disable=SC2086
		"kith-$s" -q $config $map "$here/now" >"$here/next"
		mv "$here/next" "$here/now"
	done
	jq -s -e "$5" "$here/now" >/dev/null
}

cd "$CASES" || exit 1
# Tabs are blanks to read, which would lose what is empty.
sed 1d formats.tsv | tr '\t' '\036' >"$here/rows"
while IFS=$(printf '\036') read -r id _ _ file conf stage want check _; do
	if try "$file" "$conf" "$stage" "$want" "$check" 2>"$here/said"; then
		pass "$id"
	else
		fail "$id"
		sed 's/^/# /' "$here/said"
	fi
done <"$here/rows"
cd "$here" || exit 1
done_testing
