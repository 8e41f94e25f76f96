#!/bin/sh
# Random streams of requests, answers, calls and machines' messages on several
# channels: who waits in the end, and since when, is what a model of few lines
# says; a conversation that waits for us is never cut.
#
#	STREAMS=N	so many streams; KITH_WHOLE: 20
. "${0%/*}/lib.sh"

# stream SEED: records of three people in their order, and the model's list.
cat >stream.pl <<'END'
use strict;
use POSIX qw(strftime);

my $seed = shift;
my %class = (email => 'letter', sms => 'phone', voice => 'phone',
    whatsapp => 'message', chat => 'live');
my @channels = sort keys %class;
my (%talks, %last, $n);

sub roll { $seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % shift }
sub window {
	my ($a, $b) = @class{@_};
	return 86400 * ($a ne $b ? 7 : $a eq 'letter' ? 21 : $a eq 'phone' ? 3 :
	    $a eq 'live' ? 1 : 7);
}
sub near { my ($c, $on, $t) = @_;
	return $c && $t - $c->{last} <= window($c->{channel}, $on) }
sub oldest { return (sort { $a->{since} <=> $b->{since} } @_)[0] }

# One step of the model: the conversation goes on, or begins.
sub go {
	my ($who, $on, $t, $kind) = @_;
	my $all = $talks{$who} //= [];
	my @waits = grep { $_->{since} } @$all;
	my @here = grep { $_->{on}{$on} } @waits;
	my @answered = $kind eq 'answer' || $kind eq 'spoke' ?
	    grep { $_->{on}{$on} || near($_, $on, $t) } @waits : ();
	my $c = $last{$who};
	if ($kind eq 'answer') {
		$c = oldest(@here) // (near($c, $on, $t) ? $c : oldest(@answered));
	} elsif ($kind eq 'machine') {
		$c = undef unless near($c, $on, $t);
	} else {
		$c = $c && $c->{since} && $c->{on}{$on} ? $c :
		    oldest(@here) // (near($c, $on, $t) ? $c : undef);
	}
	push @$all, $c = {} unless $c;
	$last{$who} = $c;
	@$c{'last', 'channel'} = ($t, $on);
	if ($kind eq 'ask') {
		$c->{since} //= $t;
		$c->{on}{$on} = 1;
	}
	delete @$_{'since', 'on'} for @answered, $kind =~ /^(answer|spoke)$/ ? $c : ();
}

open my $list, '>', 'wanted' or die;
my $t = 1700000000;
for my $i (1 .. 60) {
	my $who = roll(3);
	my $on = $channels[roll(scalar @channels)];
	my $kind = (qw(ask ask ask answer answer machine spoke))[roll(7)];
	my $call = $on eq 'voice';
	my $in = $kind eq 'ask' || $kind eq 'spoke';
	my $uri = "\"tel\":\"+49301000000$who\"";

	$kind = 'answer' if $kind eq 'spoke' && !$call && ($in = 0, 1);
	$t += 3600 * (1 + roll(roll(3) ? 60 : 400));
	go($who, $on, $t, $kind);
	printf '{"id":"m%03d","type":"%s","channel":"%s","direction":"%s",' .
	    '"sentAt":"%s","%s":%s,"ids":[{"type":"tel",' .
	    '"value":"+49301000000%d","trust":"platform","from":"%s"}]%s%s}' . "\n",
	    $i, $call ? 'call' : 'message', $on, $in ? 'inbound' : 'outbound',
	    strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $t), $in ? 'from' : 'to',
	    $in ? "{$uri}" : "[{$uri}]", $who, $in ? 'from.tel' : 'to[0].tel',
	    $kind eq 'machine' ? ',"keywords":["automatic"]' : '',
	    !$call ? '' : ',"data":{"disposition":"' .
	    ($kind eq 'answer' || $kind eq 'spoke' ? 'answered' : 'no-answer') .
	    '"}';
}
printf $list "%s\n", join "\n", sort map {
	my $w = $_;
	map { strftime("%Y-%m-%dT%H:%M:%SZ $w", gmtime $_->{since}) }
	    grep { $_->{since} } @{$talks{$w}}
} sort keys %talks;
END

[ -z "${KITH_WHOLE-}" ] || : "${STREAMS:=20}"
wrong='' cut='' kept='' drafts=''
for seed in $(seq 1 "${STREAMS:-6}"); do
	perl stream.pl "$seed" >in
	kith-merge in >out
	kith-report unanswered -f json --now 2040-01-01T00:00:00Z out |
		jq -r '.waitingSince + " " + .name[-1:] + " " + .conversation' >waits
	cut -d' ' -f 1,2 waits | sort >got
	sort wanted | sed '/^$/d' | cmp -s - got || wrong="$wrong $seed"
	cut -d' ' -f 3 waits | sort >got
	kith-reply --draft answer --now 2040-01-01T00:00:00Z out |
		jq -r .conversation | sort | cmp -s - got ||
		drafts="$drafts $seed"
	kith-merge -S st in | cmp -s - out || kept="$kept $seed"
	kith-merge --follow in | cmp -s - out || kept="$kept $seed,follow"
	# Who waits on a channel, and writes there again, is where they were.
	jq -r '[.ids[0].value, .channel, .conversation, .asks // false,
		.direction, (.data.disposition // ""),
		(.keywords[0]? // ""), (.answers // [])[]] |
		@tsv' out | awk -F'\t' '
		$4 == "true" && ($1, $2) in at && at[$1, $2] != $3 { print }
		$4 == "true" { at[$1, $2] = $3; next }
		$5 == "outbound" && $6 != "no-answer" && $7 != "automatic" ||
		    $6 == "answered" {
			split("", done)
			done[$3] = 1
			for (i = 8; i <= NF; i++)
				done[$i] = 1
			for (k in at)
				if (at[k] in done)
					delete at[k]
		}' >bad
	[ -s bad ] && cut="$cut $seed"
	rm -rf st
done
is "who waits is who waits in the model" "$wrong" ""
is "who waits is never cut off" "$cut" ""
is "each who waits gets a draft, and nobody else" "$drafts" ""
is "and so with a state, and as it comes" "$kept" ""
done_testing
