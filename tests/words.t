#!/bin/sh
# Lists of words: what the build says of a line that is wrong, and a line that
# is added takes effect.
. "${0%/*}/lib.sh"
# says WHAT LINES MESSAGE: a list of these lines (\t and \n are told) is
# refused with this one line, its own place in front.
says() {
	printf '%b' "$2" >list
	"$BUILD/gen/wordlist" list >out 2>err
	is "$1: exit code" "$?" 2
	is "$1" "$(cat err)" "list:$3"
}
says "a line in the wrong place" \
	'[a]\nbad\tde\ncat\tde\ndog\tde\nant\tde\n' \
	'5: "ant" stands too low (entries are in the order of their bytes): move it up, before line 2'
says "before a line in the middle" \
	'[a]\nbad\tde\ncat\tde\ndog\tde\ncow\tde\n' \
	'5: "cow" stands too low (entries are in the order of their bytes): move it up, before line 4'
says "a line twice" '[a]\nbad\tde\nbad\tfr\n' \
	'3: "bad" stands in line 2 already: take one of them out'
says "a line twice, not below the other" '[a]\nbad\tde\ncat\tde\nbad\tfr\n' \
	'4: "bad" stands in line 2 already: take one of them out'
says "two spellings of one word" \
	'%form letters\n[a]\ne-mail\tde\nemail\tfr\n' \
	'4: "email" is the same as "e-mail" in line 3: take one of them out'
says "two meanings where one is allowed" \
	'%once\n[a]\nbad\tde\n[b]\nbad\tfr\n' \
	'5: "bad" is the same as "bad" in line 3: take one of them out'
says "no language" '[a]\nbad\n' \
	'2: a TAB and the language must stand behind "bad"'
says "blanks for a TAB" '[a]\nbad    de\n' \
	'2: a TAB and the language must stand behind "bad    de"'
says "no tag of a language" '[a]\nbad\tgerman!\n' \
	'2: "german!" must be a tag of BCP 47, such as de or pt-BR (some: de,fr; none: und)'
says "a TAB too many" '[a]\nbad\tde\tCLDR\t42\n' \
	'2: one TAB too many: a line is ENTRY, LANGUAGE, REMARK'
says "no section" 'bad\tde\n' \
	'1: [what it means] must stand above the first entry'
says "a section twice" '[a]\nbad\tde\n[b]\nbad\tde\n[a]\ncat\tde\n' \
	'5: [a] begins in line 1 already: put the entries there'
says "a section without its end" '[a\nbad\tde\n' \
	'1: a section must be [its meaning] and nothing else'
says "a rule that there is not" '%form small\n[a]\nbad\tde\n' \
	'1: %form small must be %once, %phrases, %scan, %common, %form exact, lower, folded or letters'
says "capitals" '%form lower\n[a]\nBad\tde\n' \
	'3: "Bad" must stand as it is compared: write "bad"'
says "what folding changes" '%form folded\n[a]\nGrüße\tde\n' \
	'3: "Grüße" must stand as it is compared: write "grüsse"'
says "a letter and its mark apart" '%form folded\n[a]\ngru\0314\0210n\tde\n' \
	"3: \"$(printf 'gru\314\210n')\" must stand as it is compared: write \"grün\""
says "a phrase's capitals" '%phrases\n[a]\nBad day\tde\n' \
	'3: "Bad day" must stand as it is compared: write "bad day"'
says "two spellings of one phrase" \
	'%phrases\n[a]\na bad-day\tde\na bád day\tfr\n' \
	'4: "a bád day" is the same as "a bad-day" in line 3: take one of them out'
says "a beginning that is too short" '%phrases\n[a]\na bad*\tde\n' \
	'3: what stands before the * of "a bad*" must have four letters, or three beyond ASCII: write all of the word'
says "no letters" '%form letters\n[a]\n- -\tde\n' \
	'3: "- -" has no letters: leave it out'
says "an entry that is too long" "[a]\n$(printf '%0251d' 0)\tde\n" \
	'2: an entry has at most 250 bytes: shorten it'
says "another charset" '[a]\ngr\0374n\tde\n' \
	'2: this is not UTF-8: save the file as UTF-8'
says "line ends of Windows" '[a]\r\nbad\tde\r\n' \
	'1: lines must end with LF alone: save the file with the line ends of Unix'
says "a control character" '[a]\nb\0001d\tde\n' \
	'2: a control character in column 2: take it out'
code "a file that is not there" 2 "$BUILD/gen/wordlist" none
like "it says which" "$(cat .err)" "^none: cannot be read"

# A copy of the tree with the build's objects: one line more in a list, then
# make does what it must.
case $BUILD in "$ROOT"/*) ;; *)
	pass "a line is added # SKIP the build is not below the tree"
	done_testing
	;;
esac
b=${BUILD#"$ROOT"/}
mkdir -p tree/lib/text "tree/$b"
for f in "$ROOT"/* "$ROOT"/lib/* "$ROOT"/lib/text/*; do
	to=tree${f#"$ROOT"}
	case $f in */lib | */lib/text | "$ROOT"/build*) ;;
	*/lib/text/words) cp -Rp "$f" "$to" ;;
	*) ln -s "$f" "$to" ;;
	esac
done
cp -Rp "$BUILD/obj" "$BUILD/gen" "tree/$b"
# Its own jobs: what make says of others' is no step.
unset MAKEFLAGS MFLAGS MAKELEVEL
remake() {
	set -- -s -C tree B="$b" "$b/tests/tools/trim"
	[ -z "${KITH_SANITIZED-}" ] ||
		set -- "$@" SAN=address,undefined OPT="-O1 -g"
	make "$@" >said 2>&1
}
# An Icelandic ending that the list does not hold: with it, the block of
# contact details below is a signature.
printf 'Hjólið kom ekki.\n\nMeð bestu kveðju til þín\nAnna\nLumen\nhttps://b.example/\n' >mail
ok "the tree is built" remake
is "before" "$("tree/$b/tests/tools/trim" signature <mail)" ""
list=tree/lib/text/words/replies
line=$(printf 'með bestu kveðju til þín\tis')
awk -v line="$line" '
	inside && !put && ($0 == "" || $0 > line) { print line; put = 1 }
	{ print }
	/^\[/ { inside = $0 == "[closing]" }' "$list" >longer
cp longer "$list"
ok "a line is added" remake
is "nothing but what it needs is made" "$(grep -o '[^/ ]*$' said | xargs)" \
	"replies.h phrase.o libkith.a trim"
is "it takes effect" "$("tree/$b/tests/tools/trim" signature <mail)" \
	"$(tail -n 4 mail)"
printf 'bye\tde\n' >>"$list"
code "a line in the wrong place ends the build" 2 remake
like "with its place" "$(cat said)" \
	'^lib/text/words/replies:[0-9]+: "bye" stands too low'
done_testing
