#!/bin/sh
# What became of our answers: bounces and receipts, from mail to report.
. "${0%/*}/lib.sh"

# --- mail ---------------------------------------------------------------
cat >kith.yaml <<'END'
us: {emails: [care@lampe.example], domains: [lampe.example]}
authserv: mx.lampe.example
END
cat >rules.yaml <<'END'
version: 1
defaults: {queue: inbox, team: desk, priority: normal}
service: {normal: {first: 8h, next: 8h}}
teams: {desk: {members: [ada, bo], assign: round-robin}}
rules: []
END
mail() { # FROM TO ID DATE [REFERENCE] < text
	echo "From $1 Thu Jan  1 00:00:00 2026"
	case $1 in
	*@lampe.example) ;;
	*) echo "Authentication-Results: mx.lampe.example; dmarc=${DMARC:-pass} header.from=${1#*@}" ;;
	esac
	printf 'From: <%s>\nTo: <%s>\nMessage-ID: <%s>\nDate: %s\n' "$1" "$2" "$3" "$4"
	[ -z "$5" ] || printf 'In-Reply-To: <%s>\n' "$5"
	printf 'Subject: %s\n\n' "${SUBJECT:-lamp}"
	cat
	echo
}
dsn() { # FROM ID DATE ABOUT TO ACTION [STATUS]
	echo "From $1 Thu Jan  1 00:00:00 2026"
	[ -z "$AUTH" ] || echo "Authentication-Results: mx.lampe.example; dmarc=$AUTH header.from=${1#*@}"
	cat <<-END
		From: <$1>
		To: <care@lampe.example>
		Message-ID: <$2>
		Date: $3
		Auto-Submitted: auto-replied
		Subject: a report
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status; boundary=B

		--B
		Content-Type: text/plain

		A report.
		--B
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.lampe.example

		Final-Recipient: rfc822; $5
		Action: $6
		Status: ${7:-5.1.1}
		--B
		Content-Type: text/rfc822-headers

		Message-ID: <$4>
		--B--

	END
}
{
	mail tom@fuchs.example care@lampe.example t1@fuchs 'Mon, 5 Oct 2026 07:00:00 +0000' <<-END
		It flickers.
	END
	mail care@lampe.example tom@fuchs.example a1@lampe 'Mon, 5 Oct 2026 08:00:00 +0000' t1@fuchs <<-END
		Please unscrew it.
	END
	dsn MAILER-DAEMON@mx.lampe.example d1@mx 'Mon, 5 Oct 2026 09:00:00 +0000' a1@lampe tom@fuchs.example delayed 4.2.0
	mail mia@berg.example care@lampe.example m1@berg 'Mon, 5 Oct 2026 10:00:00 +0000' <<-END
		Too dark.
	END
	mail care@lampe.example mia@berg.example a2@lampe 'Mon, 5 Oct 2026 11:00:00 +0000' m1@berg <<-END
		Turn it on.
	END
	mail care@lampe.example mia@berg.example a3@lampe 'Mon, 5 Oct 2026 11:30:00 +0000' m1@berg <<-END
		Or off.
	END
	dsn MAILER-DAEMON@mx.lampe.example d2@mx 'Mon, 5 Oct 2026 12:00:00 +0000' a1@lampe tom@fuchs.example failed
	dsn MAILER-DAEMON@mx.lampe.example d3@mx 'Mon, 5 Oct 2026 12:10:00 +0000' a2@lampe mia@berg.example failed
	# Of ours, but unknown here; of theirs; by somebody who fails the checks.
	dsn MAILER-DAEMON@mx.lampe.example d4@mx 'Mon, 5 Oct 2026 12:20:00 +0000' news@lampe tom@fuchs.example failed
	AUTH=pass dsn mailer-daemon@evil.example d5@evil 'Mon, 5 Oct 2026 12:30:00 +0000' t1@fuchs tom@fuchs.example failed
	AUTH=fail dsn mailer-daemon@fuchs.example d6@evil 'Mon, 5 Oct 2026 12:40:00 +0000' m1@berg mia@berg.example failed
	# Somebody's words to the forged one's id join nothing of Tom's.
	mail eve@evil.example care@lampe.example e1@evil 'Mon, 5 Oct 2026 12:50:00 +0000' d2@mx <<-END
		And me?
	END
} >in.mbox
ingest() {
	kith ingest "$@" | kith normalize -C kith.yaml | kith identify -C kith.yaml
}
ingest in.mbox >in.jsonl
rest() { kith recall -C kith.yaml "$@" | kith route -C kith.yaml -r rules.yaml "$@"; }
kith merge -C kith.yaml <in.jsonl | rest >t.jsonl
who() { # MESSAGE-ID...: whose conversation, by its first message
	jq -rs --arg ids "$*" '(map({(.conversation): .messageId}) | reverse | add) as $first |
	  ($ids | split(" ")[]) as $id | map(select(.messageId == $id))[0] |
	  "\($id) \($first[.conversation]) \(.person // "-")"' t.jsonl
}
is "a report stands where its mail does, and is nobody's" \
	"$(who d1@mx d2@mx d3@mx)" "d1@mx t1@fuchs -
d2@mx t1@fuchs -
d3@mx m1@berg -"
is "one about what is not known to be ours stands alone, and is nobody's" \
	"$(who d4@mx d5@evil d6@evil)" "d4@mx d4@mx -
d5@evil d5@evil -
d6@evil d6@evil -"
is "nobody is claimed by it, nothing set aside" \
	"$(jq -c 'select(.data.act) | select(.claims or .quarantine)' t.jsonl)" ""
like "who refers to it joins nobody" "$(who e1@evil)" '^e1@evil e1@evil p'
waiting() { kith report unanswered --now 2026-10-06T00:00:00Z -f json "$@" | jq -r '"\(.waitingSince) \(.name) \(.setAside // "-")"'; }
is "Tom waits again, since he asked; Mia has an answer" "$(waiting t.jsonl)" \
	"2026-10-05T07:00:00Z tom@fuchs.example -
2026-10-05T12:50:00Z eve@evil.example -"
is "one answer is left" "$(kith report summary --now 2026-10-06T00:00:00Z -f json t.jsonl | jq -c '[.answers, .people]')" "[1,3]"
is "a draft for Tom, which knows why" "$(head -n 11 t.jsonl | kith reply -C kith.yaml --draft answer --now 2026-10-06T00:00:00Z | jq -c '[.reply.to[0].email, .reply.bounced[0].code, .reply.again]')" \
	'["tom@fuchs.example","5.1.1","2026-10-05T12:00:00Z"]'

# --- several runs, one after the other, and as it comes ------------------
kith merge -C kith.yaml -S s1 <in.jsonl >m1.jsonl
is "with a state the same" "$(cat m1.jsonl)" "$(kith merge -C kith.yaml <in.jsonl)"
is "and once more" "$(kith merge -C kith.yaml -S s1 <in.jsonl)" "$(cat m1.jsonl)"
kith merge -C kith.yaml --follow <in.jsonl | sed '/"type":"event"/d' >m2.jsonl
is "as it comes the same" "$(cat m2.jsonl)" "$(cat m1.jsonl)"
mkdir s2
: >runs.jsonl
for n in 1,1 2,4 5,5 6,6 7,9 10,12; do
	sed -n "${n}p" in.jsonl >part
	kith merge -C kith.yaml -S s2 <part | rest -S s2 >>runs.jsonl
done
is "in pieces the same conversations" \
	"$(jq -c '[.id, .person, .conversation]' runs.jsonl)" "$(jq -c '[.id, .person, .conversation]' m1.jsonl)"
is "and the same who waits" "$(waiting runs.jsonl)" "$(waiting t.jsonl)"
is "a look-up says so, too" "$(kith recall -S s2 --json tom@fuchs.example --now 2026-10-06T00:00:00Z |
	jq -r '.conversations[0].waitingSince')" 2026-10-05T07:00:00Z

# --- services call back --------------------------------------------------
sms() { # TIME DIRECTION ID NATIVE NUMBER
	echo '{"id":"'"$3"'","type":"message","channel":"sms","account":"+4930111","direction":"'"$2"'","sentAt":"2026-10-05T'"$1"':00Z","messageId":"'"$4"'","text":"Hm?","ids":[{"type":"tel","value":"'"$5"'","trust":"platform","from":"from"}]}'
}
event() { # TIME DATA [CHANNEL]
	echo '{"id":"e'"$1"'","type":"event","channel":"'"${3:-sms}"'","account":"+4930111","sentAt":"2026-10-05T'"$1"':00Z","data":{"act":"receipt",'"$2"'}}'
}
A=maaaaaaaaaaaaaaaaaaaaaaaaaa B=mbbbbbbbbbbbbbbbbbbbbbbbbbb
{
	sms 07:00 inbound ma1 n1 +4930222
	sms 08:00 outbound $A n2 +4930222
	sms 07:10 inbound mb1 n3 +4930333
	sms 08:10 outbound $B n4 +4930333
	sms 07:20 inbound mc1 n5 +4930444
	sms 08:20 outbound mc2 n6 +4930444
	event 09:00 '"status":"delivered","about":["n2","n6"]'
	event 09:10 '"status":"failed","about":["n2"]'
	event 09:20 '"status":"delivered","about":["n2"]'
	event 09:30 '"status":"failed","about":"'$B'","reason":"unreachable"'
	event 09:40 '"status":"failed","about":["n6"]' email
	event 09:50 '"status":"failed","about":["n5"]'
	event 10:00 '"status":"failed","about":["nobody"]'
} >sms.jsonl
kith merge <sms.jsonl 2>/dev/null >m.jsonl
is "an event stands where its message does" "$(jq -r 'select(.type == "event") | "\(.sentAt[11:16]) \(.person // "-") \(.conversation[0:1])"' m.jsonl)" \
	"09:00 - c
09:10 - c
09:20 - c
09:30 - c
09:40 - null
09:50 - null
10:00 - null"
is "failed is final; by the record's own id, too" \
	"$(kith report unanswered --now 2026-10-06T00:00:00Z -f json m.jsonl | jq -r .waitingSince)" \
	"2026-10-05T07:00:00Z
2026-10-05T07:10:00Z"
mkdir s3
: >m4.jsonl
for n in 1,3 4,6 7,9 10,13; do
	sed -n "${n}p" sms.jsonl | kith merge -S s3 2>/dev/null >>m4.jsonl
done
is "in pieces the same" \
	"$(jq -cs 'map([.id, .person, .conversation]) | sort[]' m4.jsonl)" \
	"$(jq -cs 'map([.id, .person, .conversation]) | sort[]' m.jsonl)"

event 10:10 '"status":"failed","before":"2026-10-05T08:20:00Z"' |
	jq -c '. + {ids: [{type: "tel", value: "+4930444", trust: "platform", from: "from"}]}' >before
is "an event of all until a time: theirs, and taken back" \
	"$(cat sms.jsonl before | kith merge 2>/dev/null | tee b.jsonl | kith report unanswered --now 2026-10-06T00:00:00Z -f json | jq -r .waitingSince; jq -r 'select(.data.before) | .person[0:1]' b.jsonl)" \
	"2026-10-05T07:00:00Z
2026-10-05T07:10:00Z
2026-10-05T07:20:00Z
p"

# --- deliveries that we know more of by now ------------------------------
{
	sms 07:00 inbound ma1 n1 +4930222
	sms 08:00 outbound ma2 n2 +4930222 | jq -c '. + {reply: {body: "Hm?"}, delivery: {status: "sent"}}'
	sms 08:00 outbound ma2 n2 +4930222 | jq -c '. + {reply: {body: "Hm?"}, delivery: {status: "failed"}}'
} >sent.jsonl
for n in '1,2' '1,3' '1p;3p;2'; do
	sed -n "${n}p" sent.jsonl | kith merge 2>/dev/null |
	kith report summary --now 2026-10-06T00:00:00Z -f json | jq -c '[.answers, .waiting]'
done >got
is "a delivery once more, which failed: it is none" "$(cat got)" "[1,0]
[0,1]
[0,1]"
sed -n 1,2p sent.jsonl | kith merge -S s4 2>/dev/null >two
sed -n 3p sent.jsonl | kith merge -S s4 2>/dev/null >>two
is "and by a later run" "$(kith report summary --now 2026-10-06T00:00:00Z -f json two | jq -c '[.answers, .waiting]')" "[0,1]"
sms 08:00 outbound ma2 n2 +4930222 | jq -c 'del(.sentAt) + {reply: {body: "Hm?"}, keywords: ["draft"]}' >draft
cat draft sent.jsonl | sed 3q | kith merge 2>/dev/null >three
is "a draft, and the same when it was sent, is an answer" \
	"$(kith report summary --now 2026-10-06T00:00:00Z -f json three | jq -c '[.answers, .waiting]')" "[1,0]"

# --- at random, against a model of twenty lines ---------------------------
cat >random.pl <<'END'
use strict;
my ($seed, $people) = @ARGV;
srand($seed);
my (%asked, @sent, %good, $n, $t);
sub at { my $s = shift; sprintf("2026-10-%02dT%02d:%02d:00Z", 5 + int($s / 1440), int($s / 60) % 24, $s % 60) }
open(my $model, ">", "model") or die;
for (my $i = 0; $i < 12 * $people; $i++) {
	my $p = int(rand $people);
	$t += 1 + int(rand 9);
	my $kind = rand;
	my $ids = qq("ids":[{"type":"email","value":"p$p\@x.example","trust":"authenticated","from":"from"}]);
	my $ref = $asked{$p}{first} ? qq("inReplyTo":["$asked{$p}{first}"],) : "";
	my $common = qq("type":"message","channel":"email","sentAt":") . at($t) . qq(",);
	$n++;
	if ($kind < 0.45) {
		print qq({"id":"m$n","direction":"inbound","messageId":"q$n\@x",$ref$common$ids,"from":{"email":"p$p\@x.example"},"text":"?","auth":{"dmarc":"pass"}}\n);
		$asked{$p}{first} ||= "q$n\@x";
		push @{$asked{$p}{all}}, ["q", $t];
	} elsif ($kind < 0.8) {
		next unless $asked{$p}{first};
		print qq({"id":"m$n","direction":"outbound","messageId":"a$n\@us",$ref$common"to":[{"email":"p$p\@x.example"}],$ids,"text":"!"}\n);
		my $a = ["a", $t, "a$n\@us", 1];
		push @{$asked{$p}{all}}, $a;
		push @sent, $a;
	} elsif (@sent) {
		# One of the last eight of its conversation: these can be taken back.
		my $a = $sent[rand @sent];
		my ($q) = grep { my $c = $_; grep { $_ == $a } @{$asked{$c}{all}} } keys %asked;
		my @last = grep { $_->[0] eq "a" } @{$asked{$q}{all}};
		@last = @last[-8 .. -1] if @last > 8;
		next unless grep { $_ == $a } @last;
		my $status = ("failed", "failed", "delayed", "delivered")[rand 4];
		my $type = rand() < 0.5 ? qq("type":"event") : qq("type":"message","direction":"inbound","keywords":["bounce"],"from":{"email":"mailer-daemon\@mx"});
		print qq({"id":"m$n",$type,"channel":"email","sentAt":"@{[at($t)]}","data":{"act":"receipt","status":"$status","about":["$a->[2]"]}}\n);
		$a->[3] = 0 if $status eq "failed";
	}
}
my $answers = 0;
for my $p (sort keys %asked) {
	my $since;
	for my $x (@{$asked{$p}{all}}) {
		if ($x->[0] eq "q") { $since //= $x->[1] }
		elsif ($x->[3]) { undef $since; $answers++ }
	}
	print $model at($since), " p$p\@x.example\n" if defined $since;
}
print $model "answers $answers\n";
END
said() {
	kith report unanswered,summary --now 2026-12-01T00:00:00Z -f json "$@" |
	jq -r 'if .report == "summary" then "answers \(.answers)" else "\(.waitingSince) \(.name)" end' | sort
}
cat >route.yaml <<'END'
version: 1
teams:
  desk: {members: [ada, bo]}
service:
  normal: {first: 1h, next: 1h}
defaults: {queue: inbox, team: desk}
END
# Since when each conversation waits, by the promises that are late.
late() {
	kith route -r route.yaml --overdue --now 2026-12-01T00:00:00Z "$@" |
	jq -r '"\(.route.due | fromdate - 3600 | todate) \(.conversation)"' | sort
}
for seed in 1 ${KITH_WHOLE:+2 3}; do
	perl random.pl "$seed" 30 >r.jsonl
	sort model >want
	kith merge <r.jsonl 2>/dev/null >m.jsonl
	is "at random ($seed): who waits, and the answers" "$(said m.jsonl)" "$(cat want)"
	kith merge --follow <r.jsonl 2>/dev/null | grep -v '"channel":"person"' | grep '"conversation"' >f.jsonl
	kith report unanswered --now 2026-12-01T00:00:00Z -f json m.jsonl |
	jq -r '"\(.waitingSince) \(.conversation)"' | sort >since
	is "at random ($seed): open work" "$(late m.jsonl)" "$(cat since)"
	is "at random ($seed): as it comes" "$(said f.jsonl)" "$(cat want)"
	rm -rf s5
	mkdir s5
	: >all.jsonl
	lines=$(wc -l <r.jsonl)
	for k in 1 2 3 4; do
		sed -n "$((lines * (k - 1) / 4 + 1)),$((lines * k / 4))p" r.jsonl |
		kith merge -S s5 2>/dev/null | kith recall -S s5 |
		kith route -r route.yaml -S s5 >>all.jsonl
	done
	is "at random ($seed): in four runs" "$(said all.jsonl)" "$(cat want)"
	is "at random ($seed): open work in four runs" "$(late -S s5 </dev/null)" "$(cat since)"
	# What recall has learned of each, by the state alone.
	is "at random ($seed): recall agrees" \
		"$(sed -n 's/^2026[^ ]* //p' want | while read -r who; do
			kith recall -S s5 --json "$who" --now 2026-12-01T00:00:00Z
		done | jq -r '.conversations[0].waitingSince')" \
		"$(sed -n 's/^\(2026[^ ]*\) .*/\1/p' want)"
done

# A service that tells the time in seconds says what became of a message before
# it was sent.
cat >same.jsonl <<'END'
{"id":"a","type":"message","channel":"whatsapp","direction":"inbound","messageId":"w.1","sentAt":"2026-11-30T18:11:38Z","from":{"tel":"+491515550101"},"text":"Where is it?","ids":[{"type":"tel","value":"+491515550101","trust":"platform","from":"from.tel"}]}
{"id":"b","type":"message","channel":"whatsapp","direction":"outbound","messageId":"w.2","inReplyTo":["w.1"],"sentAt":"2026-11-30T18:12:50.213489Z","to":[{"tel":"+491515550101"}],"text":"On its way.","ids":[{"type":"tel","value":"+491515550101","trust":"operator","from":"to.tel"}]}
{"id":"c","type":"event","channel":"whatsapp","direction":"inbound","messageId":"w.2/failed","sentAt":"2026-11-30T18:12:50Z","data":{"act":"receipt","status":"failed","about":["w.2"]}}
END
is "in one second: behind our answer, in its conversation" \
	"$(kith merge same.jsonl | jq -r '[.id, .conversation == null] | join(" ")' | paste -sd' ')" \
	"a false b false c false"
is "  and she waits again" "$(kith merge same.jsonl |
	kith report unanswered --now 2026-12-01T00:00:00Z -f json | jq -r .waitingSince)" \
	2026-11-30T18:11:38Z

done_testing
