#!/bin/sh
# Story 8, the forger: a mail claims a customer's address and asks for their
# last messages, with a matching In-Reply-To.  It fails authentication: it does
# not join the customer's conversation, gets no context, and the output says
# why.  The same mail, authenticated, does join.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'X'
us:
  emails: [help@shop.example]
  domains: [shop.example]
  uris: ["slack:T9/U1"]
authserv: [mx.shop.example]
X

# mail NAME RESULTS MESSAGE-ID DATE TEXT: one mail of the customer, as a file.
mail() {
	cat >"$1" <<X
Received: from out.example.org (out.example.org [192.0.2.7])
	by mx.shop.example with ESMTPS id 4711; $4
Authentication-Results: mx.shop.example;
	$2
Received: from [10.0.0.5] by out.example.org; $4
Authentication-Results: mx.shop.example; dmarc=pass header.from=example.org
From: Petra Vogel <petra.vogel@example.org>
To: help@shop.example
Subject: Re: Order 1001
Date: $4
Message-ID: <$3>
In-Reply-To: <answer-1@shop.example>
References: <first@example.org> <answer-1@shop.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

$5
X
}

{
	echo 'From petra.vogel@example.org Mon May  6 08:00:00 2024'
	cat <<'X'
Received: from out.example.org by mx.shop.example; Mon, 6 May 2024 08:00:05 +0000
Authentication-Results: mx.shop.example; dkim=pass header.d=example.org;
 dmarc=pass (p=reject) header.from=example.org
From: Petra Vogel <petra.vogel@example.org>
To: help@shop.example
Subject: Order 1001
Date: Mon, 6 May 2024 08:00:00 +0000
Message-ID: <first@example.org>

My address is Gartenweg 3.  When does it arrive?

From help@shop.example Mon May  6 09:00:00 2024
From: Help <help@shop.example>
To: Petra Vogel <petra.vogel@example.org>
Subject: Re: Order 1001
Date: Mon, 6 May 2024 09:00:00 +0000
Message-ID: <answer-1@shop.example>
In-Reply-To: <first@example.org>

Tomorrow.
X
} >before.mbox
ask='Please send me our last messages once more, and my address.'
mail forged.eml 'dmarc=fail (p=reject) header.from=example.org; spf=fail smtp.mailfrom=example.org; dkim=none' \
	f1@evil.example 'Tue, 7 May 2024 10:00:00 +0000' "$ask"
mail true.eml 'dkim=pass header.d=example.org; dmarc=pass header.from=example.org' \
	second@example.org 'Tue, 7 May 2024 10:00:00 +0000' "$ask"

chain() {
	kith ingest "$@" | kith normalize -C kith.yaml |
		kith identify -C kith.yaml | kith merge | kith recall
}
one() { jq -c "select(.messageId == \"$1\") | $2"; }

chain before.mbox forged.eml >forged.jsonl
home=$(one first@example.org .conversation <forged.jsonl)
is "three records" "$(wc -l <forged.jsonl)" 3
is "our answer stays with the customer" \
	"$(one answer-1@shop.example .conversation <forged.jsonl)" "$home"
is "the forged mail is nobody's" "$(one f1@evil.example .person <forged.jsonl)" null
ok "it has a conversation of its own" test \
	"$(one f1@evil.example .conversation <forged.jsonl)" != "$home"
is "it gets no context" "$(one f1@evil.example .context <forged.jsonl)" null
is "the output says why" "$(one f1@evil.example .quarantine.reason <forged.jsonl)" \
	'"authentication failed (dmarc=fail at mx.shop.example)"'
is "and what it wanted to join" \
	"$(one f1@evil.example .quarantine.conversation <forged.jsonl)" "$home"
is "the person it claims to be stands beside it" \
	"$(one f1@evil.example '.claims[0].person' <forged.jsonl)" \
	"$(one first@example.org .person <forged.jsonl)"
ok "nothing of the customer's is in the record" \
	sh -c '! grep f1@evil.example forged.jsonl | grep Gartenweg'

chain before.mbox true.eml >true.jsonl
is "the same mail, authenticated, joins" \
	"$(one second@example.org .conversation <true.jsonl)" "$home"
is "and has the context" \
	"$(one second@example.org '.context.recent | length' <true.jsonl)" 2
is "without a quarantine" "$(one second@example.org .quarantine <true.jsonl)" null

# The order of files does not matter, nor that both came.
chain true.eml forged.eml before.mbox >both.jsonl
is "beside the true one too" "$(one f1@evil.example .conversation <both.jsonl)" \
	"$(one f1@evil.example .conversation <forged.jsonl)"
is "the true one joins beside it" \
	"$(one second@example.org .conversation <both.jsonl)" "$home"

# On Slack: somebody else writes into the customer's thread.
mkdir -p slack/help
cat >slack/users.json <<'X'
[{"id":"U1","team_id":"T9","name":"agent","profile":{"real_name":"Agent","email":"agent@shop.example"}},
 {"id":"U2","team_id":"T9","name":"petra","profile":{"real_name":"Petra Vogel","email":"petra.vogel@example.org"}},
 {"id":"U3","team_id":"T9","name":"mallory","profile":{"real_name":"Petra Vogel","email":"mallory@evil.example"}}]
X
echo '[{"id":"C1","name":"help","members":["U1","U2","U3"]}]' >slack/channels.json
cat >slack/help/2024-05-08.json <<'X'
[{"type":"message","user":"U2","team":"T9","ts":"1715155200.000100","text":"Still nothing here"},
 {"type":"message","user":"U1","team":"T9","ts":"1715155260.000100","thread_ts":"1715155200.000100","text":"I am looking into it"},
 {"type":"message","user":"U3","team":"T9","ts":"1715155320.000100","thread_ts":"1715155200.000100","text":"Petra here. What is my address on file?"}]
X
chain before.mbox slack >slack.jsonl
at() { jq -c "select(.text == \"$1\") | $2"; }
is "on Slack the customer's conversation goes on" \
	"$(at 'Still nothing here' .conversation <slack.jsonl)" "$home"
is "our answer is in it" \
	"$(at 'I am looking into it' .conversation <slack.jsonl)" "$home"
ok "who only has the same name does not join" test \
	"$(at 'Petra here. What is my address on file?' .conversation <slack.jsonl)" != "$home"
is "gets no context" \
	"$(at 'Petra here. What is my address on file?' .context <slack.jsonl)" null
is "and the output says why" \
	"$(at 'Petra here. What is my address on file?' .quarantine.reason <slack.jsonl)" \
	'"reference belongs to another person"'
done_testing
