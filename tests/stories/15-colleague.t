#!/bin/sh
# Story 15, the colleague: the customer's accountant, in copy of our answer,
# replies on Friday night.  It is the same conversation, another person, and it
# waits; a stranger who guessed the Message-ID waits apart.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
workspace >kith.yaml
echo 'version: 1' >rules.yaml

# copied ADDRESS...: puts a Cc behind the To line of a mail.
copied() {
	sed "s/^To: .*/&\\
Cc: $*/"
}
{
	echo 'The invoice of May is wrong.' |
		mail 'Wed, 3 Jun 2026 09:00:00 +0200' 'Ines Adler <ines@adler.example>' \
			hallo@hafen.example 'Invoice of May' i1@adler.example
	echo 'Here is the right one; we send it to your accountant, too.' |
		mail 'Thu, 4 Jun 2026 10:00:00 +0200' 'Hafen <hallo@hafen.example>' \
			ines@adler.example 'Re: Invoice of May' a1@hafen.example \
			i1@adler.example none |
		copied 'Rolf Taler <rolf@taler.example>, Uta <uta@taler.example>'
	echo 'The tax is still missing on it. Can you mend that by Monday?' |
		mail 'Fri, 5 Jun 2026 22:30:00 +0200' 'Rolf Taler <rolf@taler.example>' \
			hallo@hafen.example 'Re: Invoice of May' r1@taler.example \
			a1@hafen.example
	echo 'What is the amount on that invoice?' |
		mail 'Fri, 5 Jun 2026 23:00:00 +0200' 'Gero <gero@fremd.example>' \
			hallo@hafen.example 'Re: Invoice of May' g1@fremd.example \
			a1@hafen.example
	echo 'I am Rolf, please send it to this address.' |
		mail 'Fri, 5 Jun 2026 23:10:00 +0200' 'Rolf Taler <rolf@taler.example>' \
			hallo@hafen.example 'Re: Invoice of May' r2@evil.example \
			a1@hafen.example fail
} >in.mbox
pipeline in.mbox >out

one() { jq -r "select(.messageId == \"$1\") | $2" out; }
home=$(one i1@adler.example .conversation)
is "the accountant is in the customer's conversation" \
	"$(one r1@taler.example .conversation)" "$home"
ok "as somebody else" test "$(one r1@taler.example .person)" != \
	"$(one i1@adler.example .person)"
is "believed" "$(one r1@taler.example .quarantine)" null
ok "the stranger is apart" test "$(one g1@fremd.example .conversation)" != "$home"
is "with the reason" "$(one g1@fremd.example .quarantine.reason)" \
	'reference belongs to another person'
ok "so is who only says to be the accountant" test \
	"$(one r2@evil.example .conversation)" != "$home"
is "both wait, the accountant with his name, the others apart" \
	"$(kith-report unanswered -C kith.yaml -f json --now 2026-06-08T08:00:00Z out |
		jq -r '[.waitingSince, .name, ((.setAside // "") | sub(" .*"; ""))] | join(" ")')" \
	"2026-06-05T20:30:00Z Rolf Taler 
2026-06-05T21:00:00Z Gero reference
2026-06-05T21:10:00Z Rolf Taler authentication"
ok "the gate sees it" sh -c '! kith-report unanswered -C kith.yaml --older 24h --now 2026-06-08T08:00:00Z out >/dev/null'

# One draft, to him; who was asked before him reads along.
kith-reply -C kith.yaml --draft answer --now 2026-06-08T08:00:00Z out >drafts
is "one draft" "$(wc -l <drafts | tr -d ' ')" 1
is "to the accountant" "$(jq -r '.reply.to[].email' drafts)" rolf@taler.example
echo 'And when is it due, please?' |
	mail 'Sat, 6 Jun 2026 10:00:00 +0200' 'Ines Adler <ines@adler.example>' \
		hallo@hafen.example 'Re: Invoice of May' i2@adler.example \
		a1@hafen.example >more.mbox
pipeline in.mbox more.mbox >both
kith-reply -C kith.yaml --draft answer --now 2026-06-08T08:00:00Z both >drafts
is "it waits once, since the first of both" \
	"$(kith-report unanswered -C kith.yaml -f json --now 2026-06-08T08:00:00Z both |
		jq -r "select(.conversation == \"$home\") | .waitingSince, .name")" \
	"2026-06-05T20:30:00Z
Rolf Taler"
is "then it goes to who wrote last, and to him in copy" \
	"$(jq -r '[.reply.to[].email, .reply.cc[].email] | join(" ")' drafts)" \
	"ines@adler.example rolf@taler.example"

# What is known of him: this conversation's subject and state, nothing of hers.
for how in "out" "-S st"; do
	[ -e st ] || kith-merge -S st out >/dev/null
	# shellcheck disable=SC2086
	kith-recall --json rolf@taler.example $how >page
	is "he is known ($how)" "$(jq -c '[.names, .ids]' page)" \
		'[["Rolf Taler"],["email:rolf@taler.example"]]'
	is "by the conversation that waits ($how)" \
		"$(jq -r '.conversations[] | [.conversation, .subject, .waitingSince] | join(" ")' page)" \
		"$home Invoice of May 2026-06-05T20:30:00Z"
	ok "nothing of hers is there ($how)" sh -c '! grep -i "ines\|adler\|wrong" page'
	# shellcheck disable=SC2086
	kith-recall rolf@taler.example $how >page
	ok "nor on his page ($how)" sh -c '! grep -i "ines\|adler\|wrong" page'
done
ok "nor in his record's context" sh -c '! jq -c "select(.messageId == \"r1@taler.example\") | .context" out | grep -i "ines\|adler\|wrong"'

# An answer to him ends it, at once for both.
echo 'It is mended.' |
	mail 'Mon, 8 Jun 2026 09:00:00 +0200' 'Hafen <hallo@hafen.example>' \
		rolf@taler.example 'Your invoice' a2@hafen.example '' none >answer.mbox
pipeline in.mbox more.mbox answer.mbox >all
is "a mail of ours to him, without a reference, answers" \
	"$(kith-report unanswered -C kith.yaml -f json --now 2026-06-08T08:00:00Z all |
		jq -r 'select(.setAside | not) | .name')" ""
is "in that conversation" \
	"$(jq -r 'select(.messageId == "a2@hafen.example") | .conversation' all)" "$home"
done_testing
