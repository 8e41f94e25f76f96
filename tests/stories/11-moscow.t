#!/bin/sh
# Story 11 in Russian, in Europe/Moscow, on Telegram, by acts of an operator: two
# accounts are said to be one, and then that they are not.
. "${0%/*}/../lib.sh"
maps=$BUILD/share/kith/maps

cat >kith.yaml <<'Y'
us:
  emails: [pomoshch@reka.example]
  uris: ["telegram:user900"]
zone: Europe/Moscow
region: RU
acts: acts.jsonl
Y
: >acts.jsonl
cat >result.json <<'J'
{"chats":{"list":[
{"name":"Иван Петров","type":"personal_chat","id":71,"messages":[
{"id":1,"type":"message","date":"2026-03-02T09:00:00","date_unixtime":"1772431200","from":"Иван Петров","from_id":"user71","text":"Есть место для второй лодки?"},
{"id":2,"type":"message","date":"2026-03-03T09:00:00","date_unixtime":"1772517600","from":"Река","from_id":"user900","text":"Да, зал 3."},
{"id":3,"type":"message","date":"2026-03-04T09:00:00","date_unixtime":"1772604000","from":"Иван Петров","from_id":"user71","text":"Беру."}]},
{"name":"И. Петров","type":"personal_chat","id":72,"messages":[
{"id":1,"type":"message","date":"2026-03-02T12:00:00","date_unixtime":"1772442000","from":"И. Петров","from_id":"user72","text":"Отменяю стоянку фирмы."},
{"id":2,"type":"message","date":"2026-03-05T09:00:00","date_unixtime":"1772690400","from":"И. Петров","from_id":"user72","text":"Вы получили отмену?"}]}]}}
J
kith ingest --items chats/list/messages result.json |
	kith normalize -C kith.yaml --map "$maps/telegram.jq" | kith identify -C kith.yaml >ids
merge() { kith merge -q -C kith.yaml "$@"; }
people() { jq -r 'select(.type == "message") | .person' "$@" | sort -u | wc -l; }
act() { kith route --act "$1" telegram:user71 telegram:user72 --by ольга --now "2026-03-0$2T00:00:00Z" -C kith.yaml >>acts.jsonl; }

merge -S state ids >apart
is "two people of one name" "$(people apart)" 2
act same 6
merge -S state ids >together
is "one, on the operator's word" "$(people together)" 1
is "with the older one's id" "$(jq -r 'select(.type == "message") | .person' together | head -n 1)" "$(jq -r .person apart | head -n 1)"
act different 7
merge -S state ids >parted
is "two again, with the ids that they had" \
	"$(jq -r 'select(.type == "message") | .person + " " + .conversation' parted)" "$(jq -r '.person + " " + .conversation' apart)"
merge -S state ids >again
ok "a re-run gives the same" cmp parted again
merge ids >fresh
ok "and so does one without a state" cmp parted fresh
is "both acts stay in the record of what was done, with who" \
	"$(jq -r 'select(.type == "event") | .data.act + " " + .from.name' parted | tr '\n' ' ')" "same ольга different ольга "
done_testing
