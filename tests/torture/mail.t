#!/bin/sh
# Hostile mailboxes and archives: what cannot be read is said, nothing crashes,
# memory stays bounded, a full disk is never a success.
. "${0%/*}/../lib.sh"

mail='From: anna@example.org\nTo: us@shop.example\nSubject: hello\n'
# shellcheck disable=SC2059
{
	printf "$mail"'\nHello.\n' >good.eml
	printf "$mail"'\nNUL \0 and \377\n' >nul.eml
}
# out_of COMMAND...: lines of output, and the exit code in $rc.
out_of() {
	"$@" >out 2>err
	rc=$?
	wc -l <out | tr -d ' '
}
# both FILE...: through both tools; exit codes of each.
both() {
	kith-ingest "$@" >native 2>err1
	a=$?
	kith-normalize native >records 2>err2
	echo "$a $? $(wc -l <native | tr -d ' ') $(wc -l <records | tr -d ' ')"
}

# bounded KIB COMMAND...: with that much memory; a build with sanitizers, which
# reserves more than there is, without a bound.
# shellcheck disable=SC3045 # what runs as sh on Debian has it
bounded() {
	kib=$1
	shift
	if (ulimit -v "$kib" && kith-ingest --version) >/dev/null 2>&1; then
		(ulimit -v "$kib" && exec "$@")
	else
		"$@"
	fi
}

is 'NULs and bytes that are no text' "$(both nul.eml)" '0 0 1 1'
is 'their text' "$(jq -r .text records)" 'NUL  and ÿ'

printf '\177ELF\1\2\3 not a mail' >program
is 'not a mail' "$(both program good.eml)" '1 0 1 1'
printf 'not a mail at all' >no.eml
is 'not a mail, by another name' "$(both no.eml good.eml)" '0 1 2 1'
: >empty.mbox
is 'an empty file' "$(both empty.mbox)" '0 0 0 0'

# Archives.
perl "$TESTS/pack.pl" good.zip good.eml nul.eml
is 'a zip' "$(both good.zip)" '0 0 2 2'
for n in 1 20 60 100 150; do
	head -c $n good.zip >cut.zip
	kith-ingest cut.zip >out 2>err
	ok "a zip cut at $n" test $? -ge 1 -a $? -le 2
done
size=$(wc -c <good.zip)
head -c $((size - 30)) good.zip >cut.zip
ok 'a zip without its end: said, or all there' \
	sh -c 'kith-ingest cut.zip >out || test $? -le 2'
gzip -n <good.eml >good.gz
head -c 40 good.gz >cut.gz
code 'a stream cut off' 1 kith-ingest cut.gz
head -c 10000000 /dev/zero | gzip -n >part.gz
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	cat part.gz
done >bomb.gz
bounded 4000000 kith-ingest bomb.gz >out 2>err
rc=$?
ok "a bomb: exit $rc" test $rc -ge 1 -a $rc -le 2
perl "$TESTS/pack.pl" l1.zip good.eml
for i in 2 3 4 5 6; do
	perl "$TESTS/pack.pl" l$i.zip l$((i - 1)).zip
done
code 'archives in archives, too deep' 1 kith-ingest l6.zip
perl "$TESTS/pack.pl" up.zip ../up.eml /abs.eml
kith-ingest up.zip >out 2>err
ok 'names that lead out of the archive' test $? -ge 1 -a $? -le 2
is 'nothing of them comes out' "$(wc -l <out | tr -d ' ')" 0

# Bounds.
# shellcheck disable=SC2059
{
	printf "$mail"
	awk 'BEGIN { for (i = 0; i < 3000; i++) print "X-" i ": y"; print "\nx" }'
} >fields.eml
is 'a header without end' "$(both fields.eml)" '0 1 1 0'
like 'its reason' "$(cat err2)" 'more than 2000 fields'
# shellcheck disable=SC2059
{
	printf "$mail"'Content-Type: multipart/mixed; boundary=b\n\n'
	awk 'BEGIN { for (i = 0; i < 5000; i++) print "--b\n\npart " i; print "--b--" }'
} >parts.eml
is 'parts without end' "$(both parts.eml)" '0 0 1 1'
is 'said' "$(jq -c .keywords records)" '["truncated"]'
# shellcheck disable=SC2059
{
	printf "$mail"
	awk 'BEGIN { for (i = 0; i < 2000; i++)
		printf "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i
		print "\ndeep" }'
} >deep.eml
is 'parts in parts without end' "$(both deep.eml)" '0 0 1 1'
is 'said too' "$(jq -c .keywords records)" '["truncated"]'
# shellcheck disable=SC2059
{
	printf "$mail"'Content-Type: multipart/mixed; boundary=b\n\n'
	awk 'BEGIN { for (i = 0; i < 300000; i++) print "--b\n" }'
} >bombs.eml
is 'a bomb of parts' "$(both bombs.eml)" '0 0 1 1'
is 'said as well' "$(jq -c .keywords records)" '["truncated"]'
# shellcheck disable=SC2059
{
	printf 'From a Thu Mar  5 10:00:00 2026\n'"$mail"'\n'
	head -c 45000000 /dev/zero | tr '\0' x
	printf '\n\nFrom b Thu Mar  5 10:00:00 2026\n'"$mail"'\nHello.\n'
} >large.mbox
is 'a mail of 45 MB, and one behind it' "$(both large.mbox)" '1 0 1 1'
like 'its reason' "$(cat err1)" 'large.mbox:0: error: a mail of more than'
head -c 100000000 /dev/zero | tr '\0' '>' >quotes
bounded 2000000 kith-ingest --format mail quotes >out 2>err
is 'a line of 100 MB' $? 1

# Input and output that fail.
code 'a file that is not there' 2 kith-ingest nowhere good.eml
ln -s loop loop
code 'a link that leads to itself' 2 kith-ingest loop
code 'ingest to a full disk' 2 sh -c 'kith-ingest good.eml >/dev/full'
kith-ingest good.eml >native
code 'normalize to a full disk' 2 sh -c 'kith-normalize native >/dev/full'
code 'rejects to a full disk' 2 kith-ingest --rejects /dev/full program
yes "$(cat native)" | head -n 20000 >many
ok 'a closed pipe ends it' sh -c 'kith-normalize many | head -n 1 | grep -q hello'
(
	kith-normalize many
	echo $? >rc
) 2>err | head -n 1 >first
is 'by SIGPIPE' "$(cat rc)" 141
is 'which nobody needs to be told' "$(cat err)" ''

# Lines that are no native records.
printf '%s\n' '{"native":{"text":5}}' '{"source":5,"native":{"text":"x"}}' \
	'{"source":{"format":"mail"},"native":{"base64":"####"}}' 'x' '"x"' \
	'{"source":{"format":"mail"},"native":null}' >wrong
is 'wrong types' "$(out_of kith-normalize wrong)" 0
is 'each rejected' "$(grep -c error err)" 6
# What must not take the square of its length: encoded words without an end,
# boundaries that are not there, a From_ line with many days of the week.
perl -e 'print "From: a\@b.example\nContent-Type: text/plain; ", "=?utf-8?q? " x 60000, "\n\nhi\n"' >words.eml
is 'encoded words that never end' "$(both words.eml)" '0 0 1 1'
perl -e 'print "From: a\@b.example\nSubject: \xe4", "=?a?q?" x 1000000, "\n\nhi\n"' >words.eml
is 'beside text that is no ASCII' "$(both words.eml)" '0 0 1 1'
perl -e 'print "From: a\@b.example\n"; print "Content-Type: multipart/mixed; boundary=no$_\n\n--b$_\n" for 1 .. 31; print "\n", "--x\n" x 5000000' >wrong.eml
# shellcheck disable=SC3045 # what runs as sh on Debian has it
is 'boundaries that are not there' "$(ulimit -t 8 && both wrong.eml)" '0 0 1 1'
perl -e 'print "From a Thu Mar  5 10:00:00 2026\nFrom: a\@b.example\n\n", ("From " . "Mon " x 200 . "\n\n") x 500' >days.mbox
is 'days of the week in From_ lines' "$(both days.mbox)" '0 0 1 1'
perl -e 'print "From: a\@b.example\nTo: ", "\\\"" x 100000, "\n\nhi\n"' >quotes.eml
is 'quotes that are escaped' "$(both quotes.eml)" '0 0 1 1'
done_testing
