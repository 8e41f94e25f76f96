#!/bin/sh
# What the driver does for every tool: bad input, full disks, closed pipes,
# idle pipelines, exit codes.  The copying stage stands for all of them.
. "${0%/*}/../lib.sh"
PATH=$BUILD/tests/tools:$PATH

# --- lines
is "no newline at the end" "$(printf 'a\nb' | copy)" "$(printf 'a\nb')"
is "the last line gets one" "$(printf 'a' | copy | od -An -c | tr -d ' ')" 'a\n'
is "empty lines are no records" "$(printf '\n\na\n\r\nb\n' | copy -v 2>&1)" \
	"$(printf 'a\nb\nkith-copy: in 2, out 2, rejected 0')"
is "nothing at all" "$(copy -v </dev/null 2>&1)" \
	"kith-copy: in 0, out 0, rejected 0"
printf 'a\0b\n\0\n\377\n' >nul
ok "NULs and bytes that are no UTF-8 pass" sh -c "copy <nul | cmp - nul"
seq 1 100000 >many
ok "many lines" sh -c "copy <many | cmp - many"

# --- behind what a run that was killed has left
printf '{"whole":1}\n{"ha' >half
copy many >>half
ok "records begin behind half a line" sh -c "tail -n +3 half | cmp - many"
is "  which is one of its own" "$(sed -n 2p half)" '{"ha'
printf '{"ha' >half
copy /dev/null >>half
is "  and stays as it is where there are none" "$(od -An -c half | tr -d ' ')" '{"ha'
printf 'a\n' >half
copy many >>half
ok "behind a whole line" sh -c "tail -n +2 half | cmp - many"

# --- files
printf 'one\n' >a
printf 'two' >b
is "two files, one behind the other" "$(copy a b)" "$(printf 'one\ntwo')"
is "- is standard input" "$(echo in | copy a - b)" "$(printf 'one\nin\ntwo')"
code "a missing file" 2 copy a nowhere
like "is named" "$(cat .err)" '^kith-copy: fatal: nowhere: No such file'
is "what came before it is written" "$(cat .out)" "one"
code "a folder" 2 copy .
chmod 000 b
if [ "$(id -u)" -ne 0 ]; then code "no rights" 2 copy b; fi
chmod 644 b
code "standard input closed" 2 sh -c "copy <&-"
code "standard output closed" 2 sh -c "echo a | copy >&-"
gzip -c many >many.gz
ok "compressed input" sh -c "copy many.gz | cmp - many"
ok "and on standard input" sh -c "copy <many.gz | cmp - many"
ok "and in a pipe" sh -c "cat many.gz | copy | cmp - many"
head -c 150000 many.gz >cut.gz
code "cut off" 2 copy cut.gz
like "says so" "$(cat .err)" 'cut.gz: .*(cut off|truncated)'

# --- output
code "a full disk" 2 sh -c "copy many >/dev/full"
like "is told" "$(cat .err)" 'standard output: No space left'
code "also with one line" 2 sh -c "copy a >/dev/full"
code "also for --help" 2 sh -c "copy --help >/dev/full"
code "--rejects where there is no folder" 2 copy --rejects no/where a
(
	copy -n 100 many
	echo $? >rc
) | head -n 1 >first
is "a closed pipe is no success" "$(cat rc)" "141"
(
	trap '' PIPE
	copy -n 100 many
	echo $? >rc
) 2>/dev/null | head -n 1 >first
is "also where SIGPIPE was ignored" "$(cat rc)" "141"

# --- rejects
printf 'a\nx"1\nb\nx\377\nxx' >bad
code "something rejected" 1 copy -x -v bad
is "the rest comes out" "$(cat .out)" "$(printf 'a\nb')"
is "one line each, and the sums" "$(cat .err)" \
	"kith-copy: bad:2: error: begins with x
kith-copy: bad:4: error: begins with x
kith-copy: bad:5: error: begins with x
kith-copy: in 5, out 2, rejected 3"
code "a file of rejects" 1 copy -x --rejects rej bad
is "as JSON lines" "$(cat rej)" \
	'{"tool":"copy","reason":"begins with x","source":{"file":"bad","at":"2"},"line":"x\"1"}
{"tool":"copy","reason":"begins with x","source":{"file":"bad","at":"4"},"base64":"eP8="}
{"tool":"copy","reason":"begins with x","source":{"file":"bad","at":"5"},"line":"xx"}'
is "and one word about it" "$(cat .err)" "kith-copy: 3 rejected, see rej"
code "on a full disk" 2 copy --rejects /dev/full -x bad
code "quiet" 1 copy -x -q --rejects rej bad
is "is quiet" "$(cat .err)" ""
yes x | head -n 50 >fifty
code "many rejects" 1 copy -x fifty
is "are shown one by one to the twentieth" "$(grep -c ': error:' .err)" 20
like "then counted" "$(tail -n 1 .err)" '50 rejected in all'
printf 'x\033[2J\n' >esc
copy --prefix "$(printf '\033')" -x -q --rejects /dev/stdout esc | cat >out
is "rejects are escaped" "$(cat out)" \
	'{"tool":"copy","reason":"begins with x","source":{"file":"esc","at":"1"},"line":"x\u001b[2J"}'

# --- long lines
{
	echo a
	head -c 100000000 /dev/zero | tr '\0' y
	printf '\nb\n'
} >long
code "a line of 100 MB" 1 copy long
is "is rejected, the rest comes out" "$(cat .out)" "$(printf 'a\nb')"
like "with the mend" "$(cat .err)" 'long:2: error: .*67108864 bytes; --max-line'
code "with room for it" 0 sh -c "copy --max-line 128M long | cmp - long"
code "a low ceiling" 1 sh -c "printf '%070d\n%064d\n%063d' 1 2 3 | copy --max-line 64"
is "is exact" "$(cat .out)" "$(printf '%064d\n%063d' 2 3)"
printf 'a\n%090d\nb\n' 7 >swell
code "a record that swells past the output's ceiling" 1 \
	copy --max-line 100 -m swell swell
is "is rejected" "$(wc -c <.out | tr -d ' ')" 20002
like "with the mend" "$(cat .err)" 'swell:2: error: .*--max-line'

# --- errors that end the run
printf 'a\nf\nb\n' >fail
code "an error of the tool" 2 copy --fail fail
is "what came before it is written" "$(cat .out)" "a"
is "the sentence" "$(cat .err)" "kith-copy: fatal: a line that fails"
code "one that may pass" 75 copy --again fail

# --- a live pipeline: a line is out before the writer goes on
mkfifo in.p out.p
copy <in.p >out.p &
exec 3>in.p 4<out.p
for i in 1 2 3; do
	echo "line $i" >&3
	read -r got <&4
	is "out before the next comes in" "$got" "line $i"
done
exec 3>&- 4<&-
wait
mkfifo rin
copy -x --rejects live <rin >/dev/null 2>&1 &
exec 3>rin
echo xyz >&3
within [ -s live ]
like "rejects too" "$(cat live)" '"line":"xyz"'
exec 3>&-
wait

# --- options
code "no such option" 2 copy --rejcts x
like "the nearest is named" "$(cat .err)" 'did you mean --rejects'
code "a wrong choice" 2 copy --mode duoble
like "likewise" "$(cat .err)" 'did you mean double'
code "--now that is none" 2 copy --now noon a
code "KITH_NOW that is none" 2 env KITH_NOW=noon copy a
like "is named" "$(cat .err)" 'KITH_NOW'
code "a workspace that is not there" 2 copy -C nowhere.yaml a
printf 'zone: Europe/Berln\nus: {emails: [care]}\nregoin: DE\n' >wrong.yaml
is "all that is wrong in one, by the first tool" \
	"$(copy -C wrong.yaml a 2>&1; echo $?)" \
	"kith-copy: fatal: wrong.yaml:1:7: zone: no time zone is called 'Europe/Berln'; give an IANA name such as Europe/Berlin
kith-copy: fatal: wrong.yaml:2:15: emails: 'care' has no '@'; write such as support@example.com
kith-copy: fatal: wrong.yaml:3:1: unknown key 'regoin'; did you mean 'region'?
2"
for tool in ingest normalize identify merge recall reply report; do
	code "kith-$tool" 2 kith-$tool -C wrong.yaml a
	is "  all three" "$(grep -c "^kith-$tool: fatal: wrong.yaml:" .err)" 3
done
code "help" 0 copy --help
like "tells the options" "$(cat .out)" '^  -x, --reject-x  *reject lines'
like "and those of all tools" "$(cat .out)" '^  -S, --state DIR '
code "version" 0 copy -V
like "is told" "$(cat .out)" '^kith-copy [0-9.]+$'
is "completions: six columns each" \
	"$(copy --completions | awk -F'\t' 'NF != 6' | wc -l | tr -d ' ')" 0
is "words of a list at the end" "$(copy -w one -w two a 2>/dev/null)" \
	"$(printf 'one\none\ntwo')"
like "sums of the tool's own" "$(copy -v -w one -w two a 2>&1)" \
	'in 1, out 3, rejected 0, words 2'

# --- kith
code "kith without a tool" 2 kith
code "kith --help" 0 kith --help
like "lists the tools" "$(cat .out)" '^  report +[a-z]'
code "kith --version" 0 kith --version
code "an unknown tool" 2 kith ingets
like "the nearest is named" "$(cat .err)" 'did you mean ingest'
code "one with a slash" 2 kith ../x
mkdir bin
cp "$BUILD/bin/kith" bin/
ln -s "$BUILD/tests/tools/copy" bin/kith-copy
is "runs a tool beside it" "$(bin/kith copy -p '>' a)" ">one"
ln -s "$BUILD/tests/tools/copy" kith-mine
is "and one in PATH" "$(PATH=$PATH:$SCRATCH kith mine a)" "one"
code "the tool's exit code is its own" 1 bin/kith copy -x bad
done_testing
