#!/bin/sh
# Some hundred random streams at once, of people of their own: requests, answers
# that come back, calls, machines, and what operators decide, over windows of
# all lengths.  Who waits in the end, and since when, is what a model of twenty
# lines says; whole in memory, each record at once, and in pieces with a state it
# is the same, and so are every record and what route makes of it.
#
#	STREAMS=N	so many streams; CI takes more
. "${0%/*}/lib.sh"

cat >model.pl <<'END'
use strict;
use POSIX qw(strftime);

# --- the model ----------------------------------------------------------
# A conversation is what happened in it, in order.  It waits since the first
# request that no answer or done is behind; reopen takes a done back; snooze
# hides it until something more is asked; what waited in one that was joined
# waits in it.  An answer that came back was none.
my (%talks, %last, %failed, %answers);
sub now_stands { my $c = shift; $c = $c->{into} while $c && $c->{into}; return $c }
sub oldest_of { return (sort { $a <=> $b } grep { defined } @_)[0] }
sub state_of {
	my ($c, $since, $done, $until, %on, %done) = (shift);
	for (@{$c->{ev}}) {
		my ($what, $t, $x, $failed) = @$_;
		if ($what eq 'ask') { $since = oldest_of($since, $t);
			$on{$x} = 1; undef $until }
		elsif ($what eq 'answer') {
			($since, $done, %on) = (), %done = () unless $failed }
		elsif ($what eq 'done') { $done = oldest_of($done, $since);
			%done = (%done, %on); ($since, %on) = () }
		elsif ($what eq 'reopen') { $since = oldest_of($since, $done, $t);
			%on = (%on, %done, $x => 1);
			($done, $until, %done) = () }
		elsif ($what eq 'snooze') { $until = $x }
		elsif ($what eq 'join') {
			my ($s, $o, $u) = state_of($x);
			next unless $s;
			$until = $u if !$since || !$u || $until && $u < $until;
			$since = oldest_of($since, $s); %on = (%on, %$o) }
	}
	return ($since, \%on, $until);
}
sub since { return (state_of(shift))[0] }
sub on { return (state_of(shift))[1] }

# --- conversations go on, or begin ---------------------------------------
my %class = (email => 'letter', sms => 'phone', voice => 'phone',
    whatsapp => 'message', chat => 'live');
sub window {
	my ($a, $b) = @class{@_};
	return 86400 * ($a ne $b ? 7 : $a eq 'letter' ? 21 : $a eq 'phone' ? 3 :
	    $a eq 'live' ? 1 : 7);
}
sub near { my ($c, $on, $t) = @_;
	return $c && $t - $c->{last} <= window($c->{channel}, $on) }
sub oldest { return (sort { since($a) <=> since($b) } @_)[0] }
sub go {
	my ($who, $on, $t, $kind, $id) = @_;
	my $all = $talks{$who} //= [];
	my @waits = grep { since($_) } @$all;
	my @here = grep { on($_)->{$on} } @waits;
	my @answered = $kind =~ /^(answer|spoke|failed)$/ ?
	    grep { on($_)->{$on} || near($_, $on, $t) } @waits : ();
	my $c = $last{$who};
	if ($kind =~ /^(answer|failed)$/) {
		$c = oldest(@here) // (near($c, $on, $t) ? $c : oldest(@answered));
	} elsif ($kind eq 'machine') {
		$c = undef unless near($c, $on, $t);
	} else {
		$c = $c && since($c) && on($c)->{$on} ? $c :
		    oldest(@here) // (near($c, $on, $t) ? $c : undef);
	}
	push @$all, $c = { id => $id, ev => [] } unless $c;
	$c = now_stands($c);
	$last{$who} = $c;
	@$c{'last', 'channel'} = ($t, $on);
	push @{$c->{ev}}, ['ask', $t, $on] if $kind eq 'ask';
	return unless $kind =~ /^(answer|spoke)$/;
	my %once = map { $_->{id} => $_ } @answered, $c;
	for (values %once) {
		push @{$_->{ev}}, my $answer = ['answer', $t, $id];
		push @{$answers{$id}}, $answer;
	}
}

# --- the streams ---------------------------------------------------------
my ($streams, $pass) = @ARGV;
my ($seed, %id, $acted, $n);
sub roll { $seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % shift }
sub stamp { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime shift) }
sub name { return 'm' . (sprintf('%026d', shift) =~ tr/0-9/a-j/r) }
sub key { return sprintf '+4930%07d', shift }
if ($pass eq 'wanted') {
	open my $in, '<', 'ids' or die;
	while (<$in>) { /^(\S+) (\S+)$/ and $id{$1} = $2 }
}
# A conversation has the id that its first record gave it, and those of what was
# joined with it.
sub act {
	my ($t, $what, $more, @c) = @_;
	return unless $pass eq 'wanted';
	my @names = map { $id{$_->{id}} } @c;
	my $names = $what =~ /join|part/ ?
	    '"conversations":["' . join('","', @names) . '"]' :
	    "\"conversation\":\"$names[0]\"";
	printf '{"id":"%s","type":"event","channel":"desk","sentAt":"%s",' .
	    '"from":{"name":"kim"},"data":{"act":"%s",%s%s}}' . "\n",
	    name(1e6 + ++$acted), stamp($t), $what, $names, $more;
}
sub decide {
	my ($who, $t, $what, $pick) = @_;
	my @all = @{$talks{$who} // []} or return;
	my $named = $all[$pick % @all];
	my $c = now_stands($named);
	my $until = $pick % 2 ? $t + 86400 * 3 : 4000000000;
	if ($what eq 'join') {
		my $other = $all[$pick / 7 % @all];
		my $o = now_stands($other);
		act($t, 'join', '', $named, $other);
		return if $o == $c;
		push @{$c->{ev}}, ['join', $t, { ev => $o->{ev} }];
		@$o{'ev', 'into'} = ([], $c);
	} elsif ($what eq 'part') {
		my $from = $named->{into} or return;
		act($t, 'part', '', $from, $named);
		delete $_->{into} for $from, $named;
	} else {
		push @{$c->{ev}}, [$what, $t,
		    $what eq 'reopen' ? $c->{channel} : $until];
		act($t, $what, $what eq 'snooze' ?
		    ',"until":"' . stamp($until) . '"' : '', $named);
	}
}
# A receipt of one of the last two mails, or of the next one; what failed was
# never an answer.
sub receipt {
	my ($t, $status, $id) = @_;
	if ($status eq 'failed') {
		$failed{$id} = 1;
		$_->[3] = 1 for @{$answers{$id} // []};
	}
	printf '{"id":"%s","type":"event","channel":"email","sentAt":"%s",' .
	    '"data":{"act":"receipt","status":"%s","about":["%s"]}}' . "\n",
	    name(1e6 + ++$acted), stamp($t), $status, $id if $pass eq 'wanted';
}
sub message {
	my ($who, $t, $kind, $on, $id) = @_;
	my $call = $on eq 'voice';
	my $in = $kind eq 'ask' || $kind eq 'spoke';
	my $tel = key($pass eq 'ids' ? substr($id, 1) =~ tr/a-j/0-9/r : $who);
	go($who, $on, $t, $failed{$id} ? 'failed' : $kind, $id);
	printf '{"id":"%s","type":"%s","channel":"%s","direction":"%s",' .
	    '"sentAt":"%s","%s":%s,"ids":[{"type":"tel","value":"%s",' .
	    '"trust":"platform","from":"%s"}]%s%s}' . "\n",
	    $id, $call ? 'call' : 'message', $on,
	    $in ? 'inbound' : 'outbound', stamp($t), $in ? 'from' : 'to',
	    $in ? "{\"tel\":\"$tel\"}" : "[{\"tel\":\"$tel\"}]", $tel,
	    $in ? 'from.tel' : 'to[0].tel',
	    $kind eq 'machine' ? ',"keywords":["automatic"]' : '',
	    !$call ? '' : ',"data":{"disposition":"' .
	    ($kind =~ /^(answer|spoke)$/ ? 'answered' : 'no-answer') . '"}';
}
my @channels = sort keys %class;
for my $stream (1 .. $streams) {
	my ($t, @sent, @steps) = (1700000000);
	$seed = $stream;
	for my $i (1 .. 30) {
		my $who = $stream * 2 + roll(2);
		my $on = $channels[roll(scalar @channels)];
		my $kind = (qw(ask ask ask ask answer answer machine spoke
		    act act receipt))[roll(11)];
		my $what = (qw(done done reopen snooze join join part))[roll(7)];
		my $status = (qw(failed failed delayed delivered))[roll(4)];
		my $pick = roll(1000);

		$t += 3600 * (1 + roll(roll(3) ? 60 : 400));
		$kind = 'answer' if $kind eq 'spoke' && $on ne 'voice';
		if ($kind eq 'act') {
			push @steps, [\&decide, $who, $t, $what, $pick];
		} elsif ($kind eq 'receipt') {
			my $id = $sent[-1 - $pick % 2] // next;
			push @steps, [\&receipt, $t, $status, $id];
		} else {
			my $id = name(++$n);
			push @sent, $id if $kind eq 'answer' && $on ne 'voice';
			push @steps, [\&receipt, $t - 60, $status, $id]
			    if $kind eq 'answer' && $pick % 16 == 0;
			push @steps, [\&message, $who, $t, $kind, $on, $id];
		}
	}
	for (@steps) { my ($do, @with) = @$_; $do->(@with) }
}
exit if $pass eq 'ids';
open my $list, '>', 'wanted' or die;
for my $c (map { @{$talks{$_}} } keys %talks) {
	my ($since, undef, $until) = state_of($c);
	print $list stamp($since), " $id{$c->{id}}\n"
	    if $since && (!$until || $until < 2200000000);
}
END

# What each record would be called that begins a conversation.
perl model.pl "${STREAMS:-120}" ids | kith-merge |
	jq -r '.id + " " + .conversation' >known
mv known ids
perl model.pl "${STREAMS:-120}" wanted >in
waits() {
	kith-report unanswered -f json --now 2040-01-01T00:00:00Z "$@" |
		jq -r '.waitingSince + " " + .conversation' | LC_ALL=C sort
}
LC_ALL=C sort -o wanted wanted
kith-merge in >out
waits out >got
ok "who waits is who waits in the model" diff wanted got
ok "there were some, and acts of all kinds" awk '
	/"act":"(done|reopen|snooze|join|part|receipt)"/ { n++ }
	END { exit !(n > 100) }' in

# What was merged can be merged: each record at once, and in pieces of any size
# by one run after the other, with a state.
fields() {
	jq -c '[.id, .person, .conversation, .answers, .asks, .why]' "$@"
}
perl -ne '
	if ($left-- <= 0) {
		$seed = ($seed * 1103515245 + 12345) % 2147483648;
		$left = $seed / 65536 % 2500;
		open $out, ">", sprintf "piece.%02d", $n++;
	}
	print $out $_' out
fields out >whole
kith-merge --follow out | fields >got
ok "each record at once is what all of them are" cmp whole got
for piece in piece.*; do kith-merge -q -S state "$piece"; done >parts
fields parts >got
ok "so are pieces, with a state" cmp whole got
waits parts >got
ok "and who waits" diff wanted got

# Open work: each request, and who waits past a due time.
cat >rules.yaml <<'END'
version: 1
teams:
  front: {members: [{name: ada, capacity: 40}, {name: ben, capacity: 30}]}
  phone: {members: [cy, dan]}
service: {normal: {first: 4h, next: 8h}}
defaults: {queue: inbox, team: front, priority: normal}
rules:
  - {name: phone, channel: [sms, voice], then: {team: phone}}
END
route() { kith-route -r rules.yaml --now 2040-01-01T00:00:00Z "$@"; }
routes() { jq -c '[.id, .route]'; }
route out | routes >whole.routes
for piece in piece.*; do
	route -S state "$piece"
done | routes >got
ok "and how it is routed" cmp whole.routes got
route --overdue out | jq -c '[.id, .conversation, .route]' >late
route --overdue -S state /dev/null | jq -c '[.id, .conversation, .route]' >got
ok "and who is late" cmp late got
jq -r '.[1]' late | LC_ALL=C sort >got
cut -d ' ' -f 2 wanted | LC_ALL=C sort >late
ok "who are all that wait" diff late got
n=0
for piece in piece.*; do
	n=$((n + 1))
	[ $((n % 2)) = 0 ] || set -- --follow
	kith-merge -q -S by-turns "$@" "$piece"
	set --
done | fields >got
ok "so are pieces of which some are given one by one" cmp whole got
sqlite3 state/people.db .dump >before
kith-merge -q -S state out | fields >got
ok "what is given once more is the same" cmp whole got
sqlite3 state/people.db .dump >after
ok "and changes nothing" cmp before after
done_testing
