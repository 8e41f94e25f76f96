#!/bin/sh
# Some hundred random streams at once, of people of their own: requests, answers
# that come back, calls, machines, and what operators decide, over windows of
# all lengths.  Who waits in the end, and since when, is what a model of twenty
# lines says.
#
#	STREAMS=N	so many streams; CI takes more
. "${0%/*}/lib.sh"

cat >model.pl <<'END'
use strict;
use POSIX qw(strftime);

# --- the model ----------------------------------------------------------
# A conversation is what happened in it, in order.  It waits since the first
# request that no answer or done is behind; reopen takes a done back; snooze
# hides it until something more is asked.
my (%talks, %last, %failed);
sub now_stands { my $c = shift; $c = $c->{into} while $c && $c->{into}; return $c }
sub state_of {
	my ($c, $since, $done, $until, %on) = (shift);
	for (@{$c->{ev}}) {
		my ($what, $t, $x) = @$_;
		if ($what eq 'ask') { $since = $t unless $since && $since < $t;
			$on{$x} = 1; undef $until }
		elsif ($what eq 'answer') { ($since, $done, %on) = () }
		elsif ($what eq 'done') { $done //= $since; ($since, %on) = () }
		elsif ($what eq 'reopen') { undef $until;
			%on = ($x => 1) unless $since;
			($since) = sort { $a <=> $b } grep { $_ } $done, $since or $since = $t }
		elsif ($what eq 'snooze') { $until = $x }
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
	push @{$_->{ev}}, ['answer', $t, $id] for values %once;
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
# A conversation has the id that its first record gave it.
sub act {
	my ($t, $what, $c, $more) = @_;
	return unless $pass eq 'wanted';
	my $names = $what eq 'join' ?
	    '"conversations":["' . join('","', map { $id{$_->{id}} } @$c) . '"]' :
	    "\"conversation\":\"$id{$c->{id}}\"";
	printf '{"id":"%s","type":"event","channel":"desk","sentAt":"%s",' .
	    '"from":{"name":"kim"},"data":{"act":"%s",%s%s}}' . "\n",
	    name(1e6 + ++$acted), stamp($t), $what, $names, $more // '';
}
sub decide {
	my ($who, $t, $what, $pick) = @_;
	my $c = now_stands($last{$who}) or return;
	my $until = $pick % 2 ? $t + 86400 * 3 : 4000000000;
	if ($what ne 'join') {
		push @{$c->{ev}}, [$what, $t,
		    $what eq 'reopen' ? $c->{channel} : $until];
		act($t, $what, $c, $what eq 'snooze' ?
		    ',"until":"' . stamp($until) . '"' : '');
		return;
	}
	my @others = grep { $_ != $c && !$_->{into} } @{$talks{$who}};
	my $o = $others[$pick % (@others || 1)] or return;
	my ($since, $on, $other) = state_of($o);
	my ($waits, undef, $hidden) = state_of($c);
	act($t, 'join', [$c, $o]);
	if ($since) {
		push @{$c->{ev}}, map { ['ask', $since, $_] } keys %$on;
		$hidden = !$waits || $other && $hidden && $other < $hidden ? $other :
		    $other && $hidden;
		push @{$c->{ev}}, ['snooze', $t, $hidden] if $hidden;
	}
	$o->{ev} = [];
	$o->{into} = $c;
}
# A receipt of one of the last two mails; what failed was never an answer.
sub receipt {
	my ($t, $status, $id) = @_;
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
		my $what = (qw(done done reopen snooze join))[roll(5)];
		my $status = (qw(failed failed delayed delivered))[roll(4)];
		my $pick = roll(1000);

		$t += 3600 * (1 + roll(roll(3) ? 60 : 400));
		$kind = 'answer' if $kind eq 'spoke' && $on ne 'voice';
		if ($kind eq 'act') {
			push @steps, [\&decide, $who, $t, $what, $pick];
		} elsif ($kind eq 'receipt') {
			my $id = $sent[-1 - $pick % 2] // next;
			$failed{$id} = 1 if $status eq 'failed';
			push @steps, [\&receipt, $t, $status, $id];
		} else {
			my $id = name(++$n);
			push @sent, $id if $kind eq 'answer' && $on ne 'voice';
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
perl model.pl "${STREAMS:-300}" ids | kith-merge |
	jq -r '.id + " " + .conversation' >known
mv known ids
perl model.pl "${STREAMS:-300}" wanted >in
waits() {
	kith-report unanswered -f json --now 2040-01-01T00:00:00Z "$@" |
		jq -r '.waitingSince + " " + .conversation' | LC_ALL=C sort
}
LC_ALL=C sort -o wanted wanted
kith-merge in >out
waits out >got
ok "who waits is who waits in the model" diff wanted got
ok "there were some, and acts of all kinds" awk '
	/"act":"(done|reopen|snooze|join|receipt)"/ { n++ }
	END { exit !(n > 100) }' in
done_testing
