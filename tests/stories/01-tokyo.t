#!/bin/sh
# Story 1 in Japanese, in Asia/Tokyo: a helmet is looked at on a computer and in
# the app, and bought; mails are in ISO-2022-JP, money has no cents.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [tenpo@umi.example]
  domains: [umi.example]
zone: Asia/Tokyo
region: JP
authserv: [mx.umi.example]
Y
cat >web.jsonl <<'J'
{"type":"page","messageId":"w0","anonymousId":"pc-81","timestamp":"2026-04-13T17:58:00+09:00","name":"マイページ","properties":{"url":"https://umi.example/mypage"}}
{"type":"page","messageId":"w1","anonymousId":"pc-81","timestamp":"2026-04-13T18:00:00+09:00","name":"自転車用ヘルメット","properties":{"url":"https://umi.example/c/helmet","category":"ヘルメット"}}
{"type":"track","messageId":"w2","anonymousId":"pc-81","event":"Product Viewed","timestamp":"2026-04-13T18:04:00+09:00","properties":{"product_id":"507","sku":"HM-72","category":"ヘルメット","name":"軽量ヘルメット 72"}}
{"type":"identify","messageId":"w3","anonymousId":"pc-81","userId":"u-9","timestamp":"2026-04-13T18:10:00+09:00","traits":{"email":"sato@kawa.example","name":"佐藤 花子"}}
{"type":"screen","messageId":"a1","anonymousId":"phone-17","timestamp":"2026-04-14T07:30:00+09:00","name":"ヘルメット","properties":{"category":"ヘルメット"}}
{"type":"identify","messageId":"a2","anonymousId":"phone-17","userId":"u-9","timestamp":"2026-04-14T07:31:00+09:00"}
J
cat >orders.csv <<'C'
Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem sku,Id,Billing Name,Billing Phone
#2044,sato@kawa.example,paid,unfulfilled,JPY,7400,2026-04-15 20:00:00 +0900,1,軽量ヘルメット 72 - 白,HM-72,550044,佐藤 花子,03-5550-0199
C
# mail DATE ID SUBJECT: body from standard input, both in ISO-2022-JP.
mail() {
	printf 'From sato@kawa.example Thu Jan  1 00:00:00 2026\n'
	printf 'Authentication-Results: mx.umi.example; dmarc=pass header.from=kawa.example\n'
	printf 'From: =?ISO-2022-JP?B?GyRCOjRGIxsoQiAbJEIyVjtSGyhC?= <sato@kawa.example>\n'
	printf 'To: tenpo@umi.example\nSubject: =?ISO-2022-JP?B?%s?=\nMessage-ID: <%s>\nDate: %s\n' \
		"$(printf '%s' "$3" | iconv -f UTF-8 -t ISO-2022-JP | base64)" "$2" "$1"
	printf 'MIME-Version: 1.0\nContent-Type: text/plain; charset=ISO-2022-JP\n\n'
	iconv -f UTF-8 -t ISO-2022-JP
	printf '\n\n'
}
{
	mail 'Wed, 15 Apr 2026 12:00:00 +0900' j1@kawa.example サイズ <<'X'
頭囲は何センチまでですか。

2026年4月14日(火) 18:00 海店舗 <tenpo@umi.example>:
> いらっしゃいませ。

-- 
佐藤 花子
電話 03-5550-0199
X
	mail 'Fri, 17 Apr 2026 09:00:00 +0900' j2@kawa.example 発送 <<'X'
もう発送されましたか？
X
} >box.mbox
kith ingest web.jsonl orders.csv box.mbox | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml |
	kith recall -C kith.yaml >all.jsonl 2>err
is "read without a word" "$(cat err)" ""
at() { jq -c "select(.subject == \"$1\") | $2" all.jsonl; }

is "one person" "$(jq -r .person all.jsonl | sort -u | wc -l)" 1
is "the text alone, without quote and signature" "$(at サイズ .text)" '"頭囲は何センチまでですか。"'
is "before the order: that interest, on both, and none in one's own page" \
	"$(at サイズ '.context.interests | map([.topic, .channels, .settledBy])')" \
	'[["ヘルメット",["web","app"],null]]'
is "after it: settled, and the sum as it was written" \
	"$(at 発送 '[.context.interests[0].settledBy, .context.orders[0].total]')" \
	'["#2044","7400"]'
done_testing
