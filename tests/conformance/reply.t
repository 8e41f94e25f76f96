#!/bin/sh
# Reply trimming held against the samples of two projects, where the folder is
# there: mails with the reply that is expected of them.  The share that agrees
# does not fall below what was reached.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/mail_reply
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of replies'
	exit 0
}
TRIM=$BUILD/tests/tools/trim

# What the other project's tests say of their samples: how the reply begins,
# how it ends, and words that must not be in it.
perl "$TESTS/conformance/reply.pl" "$TRIM" "$DATA" >table <<'TABLE'
correct_sig|this is an email with a correct -- signature.|this is an email with a correct -- signature.|rick
email_1_1|Hi folks|I am currently using the Java HTTP API.|mailing list
email_1_2|Hi,|the keys in a bucket, you’ll need to delete them all individually."|mailing list
email_1_3|Oh thanks.|Having the function would be great.|Russell
email_1_4|Awesome! I haven't had another problem with it.|Awesome! I haven't had another problem with it.|Loader
email_1_5|One: Here's what I've got.|for a while.|\f
email_1_6|I get proper rendering as well.|I get proper rendering as well.|Sent from
email_1_7|:+1:|:+1:|Steps
email_1_8|> okay.  Well, here's some stuff I can write.|and under this.|my signature
email_2_1|Outlook with a reply|Outlook with a reply|Dear
email_2_2|Outlook with a reply directly above line|Outlook with a reply directly above line|CRM
email_2_3|Outlook with a reply directly above line|Outlook with a reply directly above line|CRM
email_BlackBerry|Here is another email|Here is another email|BlackBerry
email_bullets|test 2 this should list second|   - and another|Joe
email_iPhone|Here is another email|Here is another email|iPhone
email_multi_word_sent_from_my_mobile_device|Here is another email|Here is another email|Verizon
email_one_is_not_on|Thank, this is really helpful.|Locally (on development), when I run...|Tapley
email_sent_from_my_not_signature|Here is another email|Sent from my desk, is much easier then my mobile phone.|\f
email_sig_delimiter_in_middle_of_line|Hi there!|kthxbai|\f
greedy_on|On your remote host you can run:|fails, the tunnel is not working.|Plymale
pathological|I think you're onto something. I will try to fix the problem as soon as I|get back to a computer.|Sullivan
TABLE

echo '# part                       equal     of'
for part in trimmed elided kept embedded parser; do
	equal=$(grep -c "^$part equal" table)
	of=$(grep -c "^$part " table)
	printf '# %-24s %7d %6d\n' "$part" "$equal" "$of"
	case $part in
	trimmed) least=63 ;; # the other one is a bare forward, which stays whole
	elided) least=60 ;;
	kept) least=64 ;;
	embedded) least=8 ;; # that one, and a forward within a quote
	parser) least=21 ;;
	esac
	ok "$part: $equal of $of agree, at least $least" test "$equal" -ge "$least"
done
grep ' differs' table | sed 's/^/# /'

# 767 kB of quote marks on a few lines.
long=$DATA/email_reply_parser/email_long_quote.txt
ok 'a quote of 767 kB' timeout 10 sh -c "'$TRIM' <'$long' >got"
done_testing
