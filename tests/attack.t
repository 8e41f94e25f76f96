#!/bin/sh
# What an attacker tries to get in as somebody else.  Each attack worked once.
# The victim is Anna Keller: nothing of these joins her person or conversation,
# sees what is known of her, or takes her out of who waits.
. "${0%/*}/lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [help@lumen.example]
  domains: [lumen.example]
authserv: [mx.lumen.example, mx2.lumen.example]
region: DE
Y
KITH_CONFIG=$PWD/kith.yaml
export KITH_CONFIG

cat >anna.mbox <<'M'
From anna@posteo.example Mon Mar  2 08:00:00 2026
Received: from out.posteo.example (out.posteo.example [192.0.2.7])
 by mx.lumen.example; Mon, 2 Mar 2026 08:00:05 +0000
Authentication-Results: mx.lumen.example; dkim=pass (2048-bit key;
 unprotected) header.d=posteo.example header.b="Ab/c+="; dmarc=pass
 (p=reject) header.from=posteo.example
From: Anna Keller <anna@posteo.example>
To: help@lumen.example
Subject: My lamp
Date: Mon, 2 Mar 2026 08:00:00 +0000
Message-ID: <first@posteo.example>

It broke.  I live at Gartenweg 3.

From help@lumen.example Mon Mar  2 09:00:00 2026
From: Help <help@lumen.example>
To: Anna Keller <anna@posteo.example>
Subject: Re: My lamp
Date: Mon, 2 Mar 2026 09:00:00 +0000
Message-ID: <answer@lumen.example>
In-Reply-To: <first@posteo.example>

We send you another.
M
people() {
	kith ingest "$@" | kith normalize | kith identify | kith merge
}
anna= hers=
of() { jq -r --arg a "$anna" --arg c "$hers" "select(.messageId == \"$1\") | $2"; }
anna=$(people anna.mbox | of first@posteo.example .person)
hers=$(people anna.mbox | of first@posteo.example .conversation)

# A mail with Anna's From and that header, written to forged.eml.
forge() {
	cat >forged.eml <<M
Received: from out.evil.example (out.evil.example [198.51.100.9])
 by mx.lumen.example; Tue, 3 Mar 2026 10:00:05 +0000
$1
To: help@lumen.example
Subject: Re: My lamp
Date: Tue, 3 Mar 2026 10:00:00 +0000
Message-ID: <f@evil.example>
In-Reply-To: <answer@lumen.example>
References: <first@posteo.example> <answer@lumen.example>

Send me all that we wrote, please.
M
}
from='From: Anna Keller <anna@posteo.example>'
# stays_out WHAT: forged.eml is not from Anna.
stays_out() {
	people anna.mbox forged.eml | kith recall >got
	if [ "$(of f@evil.example '[.person == $a, .conversation == $c,
	    .context.recent != null,
	    any(.ids[]?; .trust == "authenticated")] | any' <got)" = false ]; then
		pass "$1"
	else
		fail "$1"
		of f@evil.example '[.person, .conversation, .auth, .ids]' \
			<got | sed 's/^/# /'
	fi
}
# results WHAT FIELD...: Anna's From below these results of our server.
results() {
	what=$1
	shift
	forge "$(for field; do
		printf 'Authentication-Results: %s\n' "$field"
	done)
$from"
	stays_out "$what"
}

# Text that the sender chose, between the server's words.
results "an encoded word in a MAIL FROM" "mx.lumen.example; spf=pass \
smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_y?=@evil.example; dmarc=none"
results "one in quotes" "mx.lumen.example; spf=pass \
smtp.mailfrom=\"=?utf-8?q?x=22=3B_dkim=3Dpass_header.d=3Dposteo.example=3B_y=3D=22?=\"@evil.example; \
dkim=none; dmarc=none header.from=posteo.example"
results "one in base64" "mx.lumen.example; spf=pass \
smtp.mailfrom==?us-ascii?B?eDsgZG1hcmM9cGFzcyB5?=@evil.example"
results "one in i= of a signature" "mx.lumen.example; dkim=pass \
header.d=evil.example header.i==?utf-8?q?x=3B_dmarc=3Dpass_header.from=3Dposteo.example_x.y=3D=22?=@evil.example; \
dmarc=fail (p=reject) header.from=posteo.example"
results "one in HELO" "mx.lumen.example; spf=none \
smtp.helo==?utf-8?q?x=3B_dkim=3Dpass_header.d=3Dposteo.example?="
results "one in a reason" "mx.lumen.example; dkim=fail \
reason=\"=?utf-8?q?x=22=3B_dmarc=3Dpass_x=3D=22?=\" header.d=evil.example"
results "one in a comment" "mx.lumen.example; spf=pass (domain of \
=?utf-8?q?x)=3B_dmarc=3Dpass_header.from=3Dposteo.example_(?=@evil.example) \
smtp.mailfrom=evil.example"
results "one in the first of two fields" "mx.lumen.example; spf=pass \
smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_y?=@evil.example" \
	"mx.lumen.example; dkim=none; dmarc=fail header.from=posteo.example"
results "a quoted local part in a comment" "mx.lumen.example; spf=pass \
(domain of \"a); dkim=pass header.d=posteo.example; x=(\"@evil.example \
designates 198.51.100.9) smtp.mailfrom=evil.example; dmarc=none"
results "one that is escaped" "mx.lumen.example; spf=pass \
(domain of \\\"a\\); dmarc=pass header.from=posteo.example; x=(\\\"@evil.example) \
smtp.mailfrom=evil.example"
results "one that the server gave away" "mx.lumen.example; spf=pass \
smtp.mailfrom=\"a; dkim=pass header.d=posteo.example; x\"@evil.example"
results "its quotes end early" "mx.lumen.example; spf=pass \
smtp.mailfrom=\"a\" ; dkim=pass header.d=posteo.example y.z=\"@evil.example\"; dkim=none"
results "a space in HELO" "mx.lumen.example; spf=none \
smtp.helo=x;dmarc=pass; dmarc=none header.from=posteo.example"
results "comments without end" "mx.lumen.example; \
dkim=pass header.d=posteo.example ((((((((((((((((((((x))))))))))))))))))))"
results "more results than there are methods" "mx.lumen.example\
$(for i in $(seq 40); do printf '; x-%d=pass' "$i"; done); dkim=pass header.d=posteo.example"

# What the mail brought with it.
results "a second field of the server at the same hop" \
	"mx.lumen.example; spf=pass smtp.mailfrom=evil@evil.example" \
	"mx.lumen.example; dmarc=pass header.from=posteo.example"
results "one of another server of ours" \
	"mx.lumen.example; spf=pass smtp.mailfrom=evil@evil.example" \
	"mx2.lumen.example; dmarc=pass header.from=posteo.example"
results "signatures in the second" "mx.lumen.example; spf=none" \
	"MX.Lumen.Example; dkim=pass header.d=posteo.example"
ours='Authentication-Results: mx.lumen.example; spf=pass
 smtp.mailfrom=anna@posteo.example; dkim=pass header.d=posteo.example;'
forge "$ours dmarc=pass
Sender: Anna Keller <anna@posteo.example>"
stays_out "no From but a Sender"
forge "$ours dmarc=pass
From: <>
Sender: anna@posteo.example"
stays_out "an empty From"
forge "$ours dmarc=pass header.from=posteo.example
$from
From: evil@evil.example"
stays_out "two From fields"

# And what is true gets in.
forge "$ours dmarc=pass header.from=posteo.example
$from"
people anna.mbox forged.eml >got
is "with plain results she is Anna" \
	"$(of f@evil.example '[.person == $a, .conversation == $c] | all' <got)" true
forge "Authentication-Results: mx.lumen.example;
 dkim=pass header.i=@posteo.example header.s=s1 header.b=Ab/c+=;
 spf=pass (mx: domain of prvs=1=anna@posteo.example designates 192.0.2.7)
 smtp.mailfrom=\"prvs=1=anna@posteo.example\"; dmarc=pass (p=NONE dis=NONE)
 header.from=posteo.example
Authentication-Results: mx.lumen.example; iprev=pass policy.iprev=192.0.2.7
$from"
people anna.mbox forged.eml >got
is "so she is where they stand as big mailers write them" \
	"$(of f@evil.example '[.person == $a, .conversation == $c] | all' <got)" true
forge "Authentication-Results: mx.lumen.example; spf=pass
 smtp.mailfrom=\"=?utf-8?q?x?=\"@evil.example
$from"
is "the record says why a field says nothing" \
	"$(people forged.eml | jq -c .auth)" \
	'{"by":"mx.lumen.example","odd":"a quoted local part"}'
is "normalize keeps the field as it came" "$(kith ingest forged.eml |
	kith normalize | jq -r '.data.authenticationResults[0].value')" \
	'mx.lumen.example; spf=pass smtp.mailfrom="=?utf-8?q?x?="@evil.example'
done_testing
