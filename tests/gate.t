#!/bin/sh
# The gate, `report unanswered --older`: 0 says that nobody waits longer, so it
# is never said over nothing.  And what every tool says of a `us` that fits
# nobody.
. "${0%/*}/lib.sh"
KITH_NOW=2026-03-05T12:00:00Z
export KITH_NOW

# mail FROM TO SUBJECT DAY [ID]: one of a mailbox, at noon.
mail() {
	cat <<-END
		From $1 Wed Mar  $4 12:00:00 2026
		Received: from x by mx.linden.example; $4 Mar 2026 12:00:00 +0000
		Authentication-Results: mx.linden.example;
		 dmarc=pass header.from=${1#*@}
		From: $1
		To: $2
		Subject: $3
		Date: $4 Mar 2026 12:00:00 +0000
		Message-ID: <${5:-$1-$4}>

		Words of $1.

	END
}
cat >kith.yaml <<'END'
us: {emails: [care@linden.example], domains: [linden.example]}
authserv: [mx.linden.example]
END
cat >copied.yaml <<'END'
us: {emails: [support@example.com], domains: [example.com]}
authserv: [mx.linden.example]
END
{
	mail ana@oak.example care@linden.example Lamp 2
	mail care@linden.example ana@oak.example 'Re: Lamp' 3
	mail ben@fir.example care@linden.example Chair 4
} >box
kith ingest box >native
kith normalize -C kith.yaml native >messages
kith identify -C kith.yaml messages | kith merge -C kith.yaml >merged

# gate WHAT WANT PATTERN ARGUMENT...: the code, and one sentence or none, also
# with -q.
gate() {
	what=$1 want=$2 pattern=$3
	shift 3
	for quiet in '' -q; do
		# shellcheck disable=SC2086
		code "$what $quiet" "$want" \
			kith report $quiet unanswered --older "$@"
		if [ -n "$pattern" ]; then
			like "  says why" "$(cat .err)" \
				"^kith-report: fatal: $pattern"
			is "  in one sentence" "$(wc -l <.err)" 1
		else
			is "  says nothing" "$(cat .err)" ""
		fi
	done
}

# --- what there is to judge by
gate 'somebody waits' 1 '' 20h merged
gate 'nobody waits so long' 0 '' 3d merged
gate 'no record' 2 'no record came' 1h /dev/null
: >none
gate 'an empty file' 2 'no record came' 1h none
echo 'no json' >junk
code 'lines that are no records' 2 kith report -q unanswered --older 1h junk
like '  are said' "$(cat .err)" 'fatal: no record came'
gate 'not merged' 2 'no record has a conversation.*kith merge first' 1h messages
jq -c 'select(.direction == "outbound") | del(.conversation)' merged >sent
gate 'nothing that asks, not merged' 2 'no record has a conversation' 1h sent
cat merged messages >both
gate 'one of them merged is enough' 1 '' 20h both
code 'without --older it is no gate' 0 kith report unanswered none
code 'nor is the summary' 0 kith report summary --older 1h messages
code 'beside another report it is' 2 kith report summary,unanswered --older 1h none
kith report unanswered --older 1h messages >both.out 2>&1
like 'the sentence stands behind the table' "$(tail -n 1 both.out)" 'fatal'

# --- how old it is
gate 'fresh enough' 0 '' 3d --fresh 25h merged
gate 'fresh to the second' 0 '' 3d --fresh 24h merged
gate 'too old' 2 'the newest record is of 2026-03-04T12:00:00Z, older than --fresh 23h' \
	3d --fresh 23h merged
gate 'too old, and somebody waits' 2 'the newest record' 20h --fresh 1h merged
code 'how old they are at another time' 2 kith report -q unanswered \
	--older 9d --fresh 25h --now 2026-03-06T12:00:00Z merged
jq -c 'select(.subject == "Chair") | .sentAt = "2096-01-01T00:00:00Z" |
	del(.receivedAt)' merged >ahead
cat merged ahead >with-ahead
gate 'a date ahead makes nothing fresh' 2 'the newest record is of 2026-03-04' \
	9d --fresh 2h with-ahead
gate 'nor does one alone' 2 'no record has a time that has come' \
	9d --fresh 2h ahead
jq -c '.receivedAt = "2026-03-05T11:59:00Z"' ahead >late
gate 'when it came counts, not its Date' 0 '' 9d --fresh 2h late
jq -c '.receivedAt = "2026-03-05T12:00:30Z"' ahead >skewed
gate 'a clock that is a little ahead' 0 '' 9d --fresh 2h skewed
# --- route --overdue is one, too
cat >due.yaml <<'END'
version: 1
service: {normal: {first: 4h}}
defaults: {queue: desk, priority: normal}
rules: []
END
# late WHAT WANT PATTERN ARGUMENT...
late() {
	what=$1 want=$2 pattern=$3
	shift 3
	for quiet in '' -q; do
		# shellcheck disable=SC2086
		code "overdue: $what $quiet" "$want" \
			kith route $quiet -r due.yaml --overdue "$@"
		like "  says why" "$(cat .err)" "^${pattern:+kith-route: fatal: }$pattern"
		is "  in one sentence" "$(wc -l <.err)" "$((${#pattern} > 0))"
	done
}
late 'somebody is late' 1 '' merged
late 'nobody is' 0 '' --now 2026-03-04T13:00:00Z merged
late 'no record' 2 'no record came' /dev/null
late 'not merged' 2 'no record has a conversation.*kith merge first' messages
late 'no record, and nothing in the state' 2 'no record came' -S fresh /dev/null
kith route -r due.yaml -S worked merged >/dev/null
late 'no record, and a state that has some' 1 '' -S worked /dev/null
late 'of which nobody is late' 0 '' -S worked --now 2026-03-04T13:00:00Z /dev/null
late 'fresh enough' 0 '' --now 2026-03-04T13:00:00Z --fresh 1h merged
late 'too old' 2 'the newest record is of 2026-03-04T12:00:00Z, older than --fresh 30m' \
	--now 2026-03-04T13:00:00Z --fresh 30m merged
late 'too old, and somebody is late' 2 'the newest record' --fresh 1h merged
late 'a state that is fresh enough' 0 '' \
	-S worked --now 2026-03-04T13:00:00Z --fresh 1h /dev/null
late 'a state that is too old' 2 'the newest record is of 2026-03-04T12:00:00Z' \
	-S worked --now 2026-03-04T13:00:00Z --fresh 30m /dev/null
late 'not merged, and a state' 2 'no record has a conversation' -S worked messages

code '--fresh without --overdue' 2 kith route -r due.yaml --fresh 1h merged
like '  goes with' "$(cat .err)" '--fresh goes with --overdue'
code '--fresh alone' 2 kith report unanswered --fresh 1h merged
like '  goes with' "$(cat .err)" '--fresh goes with unanswered --older'
code '--fresh with the summary' 2 kith report summary --older 1h --fresh 1h merged

# --- a `us` that fits nobody: each tool says so, once
cat >rules.yaml <<'END'
version: 1
rules: [{channel: email, then: {queue: desk}}]
END
mkdir templates
printf 'subject: Hello\n\nHello\n' >templates/hello
said='copied.yaml: warning: no record is from us; 2 were to care@linden.example: is that you?'
while read -r line; do
	tool=${line% *} input=${line##* }
	# shellcheck disable=SC2086
	kith $tool -C copied.yaml "$input" >out.jsonl 2>err
	is "$tool: a us of somebody else" \
		"$(grep 'is that you' err)" "kith-${tool%% *}: $said"
	# shellcheck disable=SC2086
	kith $tool -q -C copied.yaml "$input" >/dev/null 2>err
	is "  quietly" "$(grep -c 'is that you' err)" 0
	# shellcheck disable=SC2086
	kith $tool -C kith.yaml "$input" >/dev/null 2>err
	is "  one that fits" "$(grep -c 'is that you' err)" 0
	case $tool in
	normalize | identify | merge) cp out.jsonl "wrong-$tool" ;;
	esac
done <<'END'
normalize native
identify wrong-normalize
merge wrong-identify
merge --follow wrong-identify
recall wrong-merge
recall ana@oak.example wrong-merge
route -r rules.yaml wrong-merge
reply --draft templates/hello wrong-merge
report summary wrong-merge
END
kith report -q unanswered --older 9d -C copied.yaml wrong-merge 2>err
is 'over such the gate judges nothing' "$? $(cat err)" \
	"2 kith-report: fatal: ${said%%: warning*}: ${said#*warning: }"
kith route -r rules.yaml --overdue -C copied.yaml wrong-merge 2>err
is 'nor does --overdue' "$? $(cat err)" \
	"2 kith-route: fatal: ${said%%: warning*}: ${said#*warning: }"
echo 'zone: UTC' >no-us.yaml
for config in '' '-C no-us.yaml'; do
	# shellcheck disable=SC2086
	kith normalize $config native >/dev/null 2>err
	is 'without a us nothing is said' "$(cat err)" ''
done
mail ana@oak.example care@linden.example Lamp 2 >inbox
kith ingest inbox | kith normalize -C kith.yaml >/dev/null 2>err
is 'nor where all came in, and to us' "$(cat err)" ''
kith ingest inbox | kith normalize -C copied.yaml >/dev/null 2>err
like 'one mail is enough' "$(cat err)" '; 1 was to care@linden.example: is'

# --- each channel is asked by itself
cat >sms.xml <<'END'
<?xml version='1.0' encoding='UTF-8'?>
<smses count="2">
<sms address="+4917112345678" date="1772700000000" type="1" body="Hello" />
<sms address="+4917112345678" date="1772700100000" type="2" body="Hello" />
</smses>
END
kith ingest box sms.xml | kith normalize -C copied.yaml >/dev/null 2>err
is 'one that fits another channel' "$(cat err)" \
	"kith-normalize: copied.yaml: warning: no record of the channel email is from us; 2 were to care@linden.example: is that you?"
kith ingest box sms.xml | kith normalize -C kith.yaml >/dev/null 2>err
is 'a channel that tells by itself' "$(cat err)" ''

# --- many recipients
for i in $(seq 1 3000); do
	echo "{\"id\":\"m$i\",\"type\":\"message\",\"channel\":\"email\",\"direction\":\"inbound\",\"from\":{\"email\":\"c$i@fir.example\"},\"to\":[{\"email\":\"Care@linden.example\"}]}"
	echo "{\"id\":\"n$i\",\"type\":\"message\",\"channel\":\"email\",\"direction\":\"inbound\",\"from\":{\"email\":\"care@linden.example\"},\"to\":[{\"email\":\"c$i@fir.example\"}]}"
done >many
kith identify -C copied.yaml many 2>err >/dev/null
like 'whom most of them went to' "$(cat err)" '; 3,000 were to care@linden.example: is'

# --- a mail server that is in all mails, and not believed
warns() { # WHAT WANT FILE OPTION...
	what=$1 want=$2 file=$3
	shift 3
	kith ingest "$file" | kith normalize -C kith.yaml |
		kith identify "$@" 2>err >/dev/null
	is "$what" "$(cat err)" "$want"
}
sed 's/^authserv.*/authserv: [mx.other.example]/' kith.yaml >other.yaml
all='mx.linden.example says in all 2 mails that came in who sent them, and is not believed: is that your server? then write authserv: [mx.linden.example]'
warns 'the name of another' "kith-identify: other.yaml: warning: $all" \
	box -C other.yaml
warns 'no name at all' "kith-identify: warning: $all" box
warns 'one mail' "kith-identify: warning: mx.linden.example says in the mail that came in who sent it, ${all#*them, }" inbox
warns 'quietly' '' box -q
warns 'the right name' '' box -C kith.yaml
warns 'by the option' '' box --authserv MX.linden.example
{
	cat box
	mail eve@yew.example care@linden.example Bench 5 |
		sed '/^Auth/,/^ dmarc/d'
} >some
warns 'one mail has none: no server is in all' '' some
sed 's/^Authentication-Results: .*/Authentication-Results: mx.up.example; none\
&/' box >two
warns 'of two the topmost' "kith-identify: warning: $(echo "$all" |
	sed 's/mx.linden/mx.up/g')" two
warns 'one of two is believed' '' two -C kith.yaml
done_testing
