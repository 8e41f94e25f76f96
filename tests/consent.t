#!/bin/sh
# What people say of being written to, in many languages (tests/consent), and
# what becomes of it from their message to the draft that is not sent.
. "${0%/*}/lib.sh"
words=$TESTS/consent
says() { # CHANNEL <LINES: how each is read
	"$BUILD/tests/tools/consent" "$1"
}
for channel in sms email whatsapp ticket; do
	is "sure on $channel" "$(says $channel <"$words/out" | grep -v '^out	alone')" ""
	is "never sure on $channel" \
		"$(says $channel <"$words/unsure" | grep -Ev '^(asked|nothing|in)	')" ""
	is "no opting out on $channel" \
		"$(says $channel <"$words/ordinary" | grep -v '^nothing	-')" ""
done
is "sure where nobody writes letters" \
	"$(says sms <"$words/out-by-text" | grep -v '^out	alone')" ""
is "  else for a person" \
	"$(says email <"$words/out-by-text" | grep -v '^asked	-')" ""
languages=$(cut -f1 "$words/out" | sort -u | wc -l)
ok "in $languages languages" [ "$languages" -ge 60 ]
is "some of whatever is near to it are held" \
	"$(says sms <"$words/unsure" | grep -c '^asked')" \
	"$(says email <"$words/unsure" | grep -c '^asked')"

# What is asked first of a message makes no difference to what is said: also of
# two lines at once, which may be near to a wish.
cat "$words"/* >each
awk -F '\t' '$1 == l { print l "\t" t ". " $2 } { l = $1; t = $2 }' each >pairs
cat each pairs >both
for channel in sms email; do
	is "the same whoever looks first on $channel" \
		"$(says $channel <both | wc -l)" "$(wc -l <both)"
done

# The same within quotes, signs, greetings and signatures, in capitals.
around() {
	perl -CSD -Mutf8 -ne '
		chomp;
		my ($l, $t) = split /\t/;
		my $c = $t =~ s/((?:\\n)|[^\\])/$1 eq "\\n" ? $1 : uc $1/ger;
		print "$l\t$_\n" for "\"$t\"", "\x{201c}$t\x{201d}",
			"\x{ab} $t \x{bb}", "($t)", "*$t*", "  $t\\n\\n",
			"$t \x{1f64f}", "\x{1f6d1} $t \x{1f6d1}", "$t!!!",
			"Hi! $t", $t =~ /\\n|[.?] / ? () : (
				"Hello,\\n\\n$t\\n\\nBest regards\\nAnna Schmidt",
				"$t\\n\\nSent from my iPhone", $c)'
}
around <"$words/out" >dressed
for channel in sms email; do
	is "with what stands around it on $channel" \
		"$(says $channel <dressed | grep -v '^out	alone')" ""
done
# Escapes, as some programs write all that is beyond ASCII.
cut -f2- "$words/out" | jq -Rca '{id: "m\(input_line_number)", type: "message",
	channel: "sms", direction: "inbound", from: {tel: "+491701234567"},
	person: "p\(input_line_number)", text: gsub("\\\\n"; "\n")}' >codes.jsonl
is "written as codes" "$(kith-merge codes.jsonl | jq -r .why | sort | uniq -c | xargs)" \
	"$(wc -l <"$words/out" | xargs) optout"

# From the message to the draft.
cat >kith.yaml <<'EOF'
us:
  emails: [care@lamps.example]
  tels: ["+493011112222"]
authserv: [mx.lamps.example]
EOF
cat >mail.yaml <<'EOF'
kind: smtp
channel: email
url: smtp://127.0.0.1:9
tls: none
from: care@lamps.example
EOF
cat >sms.yaml <<'EOF'
kind: http
channel: sms
url: http://127.0.0.1:9/
from: "+493011112222"
body: "{to: .to[0].tel, text: .text}"
insecure: true
EOF
# mail FROM SUBJECT MINUTE TEXT [TO]: a mail, whose sender is proven.
mail() {
	printf 'From %s Thu Jan  1 00:00:00 2026\n' "$1"
	printf 'Authentication-Results: mx.lamps.example; dmarc=pass header.from=%s\n' \
		"${1#*@}"
	printf 'From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s.%s>\n' \
		"$1" "${5-care@lamps.example}" "$2" "$3" "$1"
	printf 'Date: Mon, 05 Oct 2026 10:%s:00 +0000\n\n%s\n\n' "$3" "$4"
}
# learn [OPTION ...] <MBOX: as a pipeline does.
learn() {
	kith-ingest --format mail - | kith-normalize -C kith.yaml |
		kith-identify -C kith.yaml | kith-merge -q "$@" |
		kith-recall -q "$@"
}
# draft TO CHANNEL MEMBERS: one of ours.
draft() {
	jq -cn --arg to "$1" --arg channel "$2" "{id: \"d-\(\$to)\", type: \"message\",
		channel: \$channel, direction: \"outbound\", subject: \"Lamps\",
		text: \"Lamps!\", keywords: [\"draft\"],
		to: [if \$channel == \"sms\" then {tel: \$to} else {email: \$to} end]} + $3"
}
# looks [OPTION ...] <DRAFTS: what becomes of them.
looks() {
	kith-reply -q -C kith.yaml -t mail.yaml -t sms.yaml \
		--now 2026-10-06T10:00:00Z "$@" |
		jq -r '"\(.to[0].email // .to[0].tel): \(.delivery.status) \(.delivery.reason // .delivery.remark // "")"'
}
sell='{reply: {purpose: "marketing"}}'
{
	mail mia@a.example unsubscribe 01 ""
	mail cem@b.example "Re: Lamps" 02 "Bitte keine Werbung mehr! Danke, Cem"
	mail eva@c.example "My lamp" 03 "Where is my lamp?"
	mail ida@d.example "" 04 "" care+unsubscribe@lamps.example
	mail leo@e.example "Abmelden" 05 "Wie melde ich mich im Portal ab?"
} >in.mbox
learn -S state <in.mbox >out.jsonl
is "who opts out waits for nothing" \
	"$(jq -r '[.from.email, .asks, .why // "-"] | @csv' out.jsonl | tr -d '"' | xargs)" \
	"mia@a.example,false,optout cem@b.example,false,optout eva@c.example,true,- ida@d.example,false,optout leo@e.example,true,-"
status() { # ADDRESS: what the state knows
	kith-recall -q -S state --json "$1" |
		jq -r '.consent.email | [.status, .purpose, .source, .words // "-"] | join(" ")'
}
is "by the subject" "$(status mia@a.example)" "out marketing subject unsubscribe"
is "by the text" "$(status cem@b.example)" \
	"out marketing message Bitte keine Werbung mehr! Danke, Cem"
is "by the address, which the state does not keep" "$(status ida@d.example)" \
	"out marketing unsubscribe address -"
is "not sure" "$(status leo@e.example)" "asked marketing subject Abmelden"
for who in mia@a.example cem@b.example eva@c.example ida@d.example leo@e.example; do
	draft $who email "$sell"
done >sell.jsonl
# Programs write beside the word whom they unsubscribe.
is "with a token" "$(for subject in unsubscribe:4711-ab Unsubscribe-9f3c \
	"unsubscribe list=77" "opt-out 4711" "unsubscribe mia@a.example"; do
	mail mia@a.example "$subject" 01 "" | learn | jq -r .why
done | xargs)" "optout optout optout optout optout"
is "solicitations by the state" "$(looks -S state sell.jsonl)" \
	"mia@a.example: refused mia@a.example opted out of solicitations by email, 2026-10-05T10:01:00Z: unsubscribe
cem@b.example: refused cem@b.example opted out of solicitations by email, 2026-10-05T10:02:00Z: Bitte keine Werbung mehr! Danke, Cem
eva@c.example: ready 
ida@d.example: refused ida@d.example opted out of solicitations by email, 2026-10-05T10:04:00Z: by consent on file
leo@e.example: refused leo@e.example asked not to be written to on email, 2026-10-05T10:05:00Z: a person must look at it and approve: Abmelden"
is "and when they are sent" \
	"$(looks -S state --send sell.jsonl | grep -c "refused [a-z]*@[a-z.]* \(opted out of\|asked not\)")" 4
is "no answer is stopped by it" \
	"$(draft mia@a.example email '{}' | looks -S state)" \
	"mia@a.example: ready an answer and nothing else: mia@a.example opted out of solicitations by email, 2026-10-05T10:01:00Z: unsubscribe"
is "who reads along" \
	"$(draft eva@c.example email "$sell + {cc: [{email: \"mia@a.example\"}]}" |
	    looks -S state)" \
	"eva@c.example: refused mia@a.example opted out of solicitations by email, 2026-10-05T10:01:00Z: unsubscribe"
# Since the draft was made.
draft eva@c.example email "$sell" >eva.jsonl
is "she wants it" "$(looks -S state eva.jsonl)" "eva@c.example: ready "
mail eva@c.example "Re: Lamps" 10 "Please take me off your list." |
	learn -S state >/dev/null
is "and then not" "$(looks -S state eva.jsonl)" \
	"eva@c.example: refused eva@c.example opted out of solicitations by email, 2026-10-05T10:10:00Z: Please take me off your list."
# Who only says that they are she takes nothing back.
mail eva@c.example "Re: Lamps" 11 "Subscribe" | grep -v ^Authentication |
	learn -S state >/dev/null
is "a forged consent" "$(looks -S state eva.jsonl | cut -d' ' -f1-5)" \
	"eva@c.example: refused eva@c.example opted out"
mail eva@c.example "Re: Lamps" 12 "Subscribe" | learn -S state >/dev/null
is "her own" "$(looks -S state eva.jsonl)" "eva@c.example: ready "
mail eva@c.example "Re: Lamps" 13 "Unsubscribe" | grep -v ^Authentication |
	learn -S state >/dev/null
is "a forged opt-out counts" "$(looks -S state eva.jsonl | cut -d' ' -f1-5)" \
	"eva@c.example: refused eva@c.example opted out"

# Short messages: STOP is of all, until START.
text() { # MINUTE TEXT
	jq -cn --arg at "2026-10-05T11:$1:00Z" --arg text "$2" '{id: "m\($at)",
		type: "message", channel: "sms", direction: "inbound", sentAt: $at,
		from: {tel: "+491701234567"}, to: [{tel: "+493011112222"}], text: $text}'
}
hears() {
	text "$1" "$2" | kith-identify -C kith.yaml | kith-merge -q -S state |
		kith-recall -q -S state >/dev/null
}
answer() { # MINUTE: to what they asked then
	draft +491701234567 sms "{reply: {answers: \"m2026-10-05T11:$1:00Z\",
		answersAt: \"2026-10-05T11:$1:00Z\"}}"
}
hears 01 "STOP"
hears 02 "Where is my lamp?"
is "STOP stops the answer, too" "$(answer 02 | looks -S state)" \
	"+491701234567: refused +491701234567 opted out of sms, 2026-10-05T11:01:00Z: STOP"
hears 03 "START"
is "START lets it go" "$(answer 02 | looks -S state | cut -d' ' -f2-)" "ready "
# What somebody of ours was told.
jq -cn '{id: "e1", type: "event", channel: "desk", sentAt: "2026-10-05T11:10:00Z",
	from: {tel: "+491701234567"}, data: {act: "consent",
	purpose: "marketing", status: "out", channel: "sms", words: "no ads",
	source: "by telephone"}}' | kith-identify -C kith.yaml |
	kith-merge -q -S state >/dev/null
is "an event" "$(draft +491701234567 sms "$sell" | looks -S state)" \
	"+491701234567: refused +491701234567 opted out of solicitations by sms, 2026-10-05T11:10:00Z: no ads (by telephone)"
is "is of its purpose" "$(answer 02 | looks -S state | cut -d' ' -f2)" ready
done_testing
