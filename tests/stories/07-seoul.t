#!/bin/sh
# Story 7 in Korean, in Asia/Seoul, by mail and WhatsApp: from billing to the
# technicians, who see it all; the rules' words have endings glued to them.
. "${0%/*}/../lib.sh"
. "$TESTS/stories/exports.sh"
# shellcheck disable=SC2034 # mail() has it
SERVER=mx.dal.example

cat >kith.yaml <<'Y'
us:
  emails: [help@dal.example]
  domains: [dal.example]
  tels: ["+8225550100"]
  uris: ["whatsapp:달 고객센터"]
zone: Asia/Seoul
region: KR
authserv: [mx.dal.example]
rules: rules.yaml
Y
cat >rules.yaml <<'Y'
version: 1
calendars:
  week: {zone: Asia/Seoul, hours: {mon-fri: "09:00-18:00"}}
teams:
  billing: {members: [mina], calendar: week}
  technical: {members: [joon, sora], calendar: week}
service:
  normal: {first: 8h, next: 8h, calendar: week}
defaults: {queue: inbox, team: billing, priority: normal}
rules:
  - name: technical
    match: [펌웨어, "/E-\\d{2}/"]
    then: {queue: bench, team: technical}
  - name: invoice
    match: [청구서, 결제]
    then: {queue: invoices, team: billing}
Y
cat >c.csv <<'C'
이름,이메일,휴대전화
박지우,jiwoo@bada.example,010-5550-1234
C
{
	mail 'Mon, 09 Mar 2026 10:00:00 +0900' '박지우 <jiwoo@bada.example>' help@dal.example '이중 결제' p1@bada.example <<'X'
청구서 7731이 두 번 결제되었습니다. 고객 번호는 90210입니다.
X
	mail 'Mon, 09 Mar 2026 11:30:00 +0900' 'Mina <mina@dal.example>' '박지우 <jiwoo@bada.example>' \
		'Re: 이중 결제' l1@dal.example p1@bada.example none <<'X'
두 번째 결제는 취소했습니다.
X
	mail 'Tue, 10 Mar 2026 09:30:00 +0900' '박지우 <jiwoo@bada.example>' help@dal.example \
		'Re: 이중 결제' p2@bada.example l1@dal.example <<'X'
감사합니다. 그런데 펌웨어 업데이트 후 오류가 나옵니다.

2026년 3월 9일 (월) 오전 11:30, Mina <mina@dal.example>님이 작성:
> 두 번째 결제는 취소했습니다.
X
} >box.mbox
cat >'+82 10-5550-1234 님과 WhatsApp 대화.txt' <<'X'
2026. 3. 10. 오전 10:45 - 메시지와 통화는 종단간 암호화됩니다.
2026. 3. 10. 오전 10:45 - +82 10-5550-1234: E-17은 어떻게 되었나요?
2026. 3. 10. 오전 10:46 - +82 10-5550-1234: 회신 부탁드립니다
X
pipeline c.csv box.mbox ./*대화.txt >t.jsonl 2>err
is "read without a word" "$(cat err)" ""
of() { jq -r "select(.messageId == \"$1\" or .text == \"$1\") | $2" t.jsonl; }
is "one conversation of one person" "$(jq -r '.conversation // empty' t.jsonl | sort -u | wc -l) $(jq -r '.person // empty' t.jsonl | sort -u | wc -l)" "1 1"
is "first it is billing's" "$(of p1@bada.example .route.assignee)" mina
is "then the technicians', who had it from mina" "$(of p2@bada.example '"\(.route.team) \(.route.handedFrom.assignee)"')" "technical mina"
is "thanks before a question are no thanks alone" "$(of p2@bada.example .asks)" true
is "the chat stays with who has it" "$(of '회신 부탁드립니다' .route.assignee)" "$(of p2@bada.example .route.assignee)"
is "who sees the customer's number" "$(of '회신 부탁드립니다' '[.context.recent[].text] | join(" ")' | grep -c 90210)" 1
is "the clock is the mail's" "$(of '회신 부탁드립니다' .route.due) $(of p2@bada.example .route.due)" "2026-03-10T08:30:00Z 2026-03-10T08:30:00Z"
done_testing
