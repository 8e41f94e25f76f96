#!/bin/sh
# The tests' own jq (tests/tools/jq.c) says what the real one says: programs of
# the kinds that tests use, over one input, and options.
. "${0%/*}/lib.sh"
own=$BUILD/tests/tools/jq
real=
for dir in $(printf '%s' "$PATH" | tr : ' '); do
	[ "$dir" = "$BUILD/tests/tools" ] || [ ! -x "$dir/jq" ] || {
		real=$dir/jq
		break
	}
done
if [ -z "$real" ] || [ -n "${KITH_SANITIZED-}" ]; then
	echo "1..0 # SKIP there is no other jq, or leaks count"
	exit
fi
cat >in <<'EOF2'
{"a":{"b":[1,2.5,"x"]},"l":[3,1,2,1],"o":[{"k":"b","v":1},{"k":"a","v":2},{"k":"a","v":0}],"t":"Grüße, Anna\n","n":null,"f":false,"d":"2024-05-01T00:00:00Z","r":[["x","y"],["z"]]}
EOF2
# One line, one program; all of them are one to the real jq, which is slow.
cat >programs <<'EOF2'
.a.b[1], .a["b"][-1], .a.b[1:], .t[:5], .a.b[:-1], .l[.a.b[0]], .["n"], ."f"
..
.o[] | .k, .v
[.o[].v] | add, length, sort
[(1, 2) + (10, 20)], [(1, 2) == (1, 2)], [(true, false) or (true, false)]
{a: (1, 2), b: .l[0], "c", (.t[:1]): 4, "x\(1 + 1)": -(.l[1])} | del(.b)
{n, f: .f, "t"} | keys, length, to_entries, has("n")
.l as [$x, $y] | {$x, y: $y}
reduce .l[] as $i (0; . + $i), ([.l[], null] | add)
if .n then 1 elif .f then 2 else 3 end, (if .a, .n then 1 else 2 end)
.n // .f // "none", (.l[] // 1), (.o[] | .z // .k), [.l[] | select(. > 1)]
[.o[] | select(.k == "a" and .v > 0) | .v], (.t | test("anna"; "i")), (.t | test("^Gr"))
.t | length, utf8, startswith("Gr")
.t | split(", "), (split("n") | join("-")), index("n")
.t | sub("[a-z]+"; "#"), gsub("(?<c>[nß])"; "<\(.c)>"), capture("(?<w>[A-Z])n(?<r>.)")
.d | fromdate, (fromdate + 60 | todate), .[:4], (.[0:4] | tonumber + 1)
.l |= map(. * 2) | .a.b[0] = 7 | .o[].v += 1 | .l |= sort
.o |= map(select(.v > 0)) | del(.a, .t) | with_entries(.value |= tojson)
[.r | flatten], ([.r[][]] | map(. + "!"))
first(.o[].v), [range(3)], [range(2; 4)], any(.l[]; . > 2), all(.l[]; . > 2)
[.o[] | .k] | index("a"), contains(["a"]), (. - ["a"])
.r[] | @tsv, @csv, @text, @tsv "row \(.)", "\(.) \(length)"
[1, "a\tb", null, true] | @tsv, @csv, tojson, tostring
"1 \("2 \(3)")", 7 / 2, 7 % 3, "ab" * 2, {a: {b: 1}} * {a: {c: 2}}, [1, 2] + [3]
def f(x): x * 2; def g($a; $b): $a + $b; def h: if . > 3 then . else . + 1 | h end; f(.l[0]), g(1, 2; 10), (1 | h)
(try .t.x catch "none"), (.t.x? // "none"), [.[] | .k?], (try (.l | .k) catch "failed")
[.l[] | [., "x"] | join(" ")], (.l | tojson | fromjson), ([.l[], null] | map(objects))
{"a": 1} | .b.c[2] = 3 | .b.c, to_entries
.l as $l | [$l[] | . as $i | $l | index($i)] # the first places
$x, $y.z, (1, null | not), ([3, 1] | .[0] < .[1])
last, first(.l[] | select(. < 3)), ([.l[] | {v: .}] | map(.v) | last)
EOF2
sed -i 's/ utf8,//; s/^last, //' programs
given() { # JQ PROGRAM
	"$1" -c --arg x text --argjson y '{"z":1}' "$2" in 2>&1
}
all=
while read -r program; do
	all="$all${all:+,
}([$program
	])"
	given "$own" "[$program
	]"
done <programs >got
given "$real" "$all" >want
n=0
while read -r program; do
	n=$((n + 1))
	is "$program" "$(sed -n ${n}p got)" "$(sed -n ${n}p want)"
done <programs
# The understudy does know them: without another jq it gives the same.
mkdir none
is "none of them went to the other" "$(while read -r program; do
	PATH=none given "$own" "[$program
	]"
done <programs | cmp - want)" ""

printf 'one\ntwo\\\n\nend' >lines
printf '{"b":1,"a":"x\\u00e9"} [1,[2]]\n"s" null' >values
try() { # OPTION...: the same bytes and exit code
	"$own" "$@" >got 2>err
	echo $? >>got
	"$real" "$@" >want 2>/dev/null
	echo $? >>want
	ok "jq $*" cmp got want
}
try . values
try -c . values
try -r '.[0]?, .' values
try -j . values
try -aS . values
try -cs . values values
try -e '.x?' values
try -e 'select(false)' values
try -R . lines
try -Rr '"\(input_line_number) \(.)"' lines
try -Rs . lines
try -cn '[range(3)] | input' values
try . nowhere
try '.a' values
try -c --tab . values
try -c '[inputs], env.LC_ALL, (try ltrimstr("s") | @base64)' values
try '.[' values
done_testing
