package Desk;
# What the rules of helpdesks share: conversations with their messages from
# ./desk.json,
#	{"conversations": [{"id", "made", "changed", "messages": [{"id", "at",
#	  "ours", "text"}]}]}
# with times in seconds, and what goes wrong:
#	./fail		the request with this number breaks in the middle, where those
#			for a token do not count
#	./busy		the next one is told to wait a second
#	./refuse	"STATUS TIMES PATTERN": so many requests of such paths, by 429
#			for longer than a poll waits
#	./change	a number: before that request ./next.json takes its place
# LIMIT is the length of a page.
use strict;
use warnings;
use JSON::PP;
use POSIX 'strftime';
use Exporter 'import';
our @EXPORT = qw(conversations messages conversation page size trouble iso yes no);

my $asked = 0;

sub yes { return $_[0] ? JSON::PP::true : JSON::PP::false }
sub iso { return strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $_[0]) }
sub size { return $ENV{LIMIT} || 100 }

sub conversations {
	return @{ JSON::PP->new->decode(main::now('desk.json', ''))->{conversations} };
}

sub conversation {
	my $id = shift;
	my ($c) = grep { $_->{id} == $id } conversations();
	return $c;
}

# All messages, each with the conversation that it is of.
sub messages {
	return map { my $c = $_; map { +{ %$_, of => $c } } @{ $c->{messages} } }
	    conversations();
}

# From this place on, as many as a page has: where the next begins, or undef.
sub page {
	my ($at, @list) = @_;
	my $n = size();
	my @part = grep { defined } @list[$at .. $at + $n - 1];
	return ($at + $n < @list ? $at + $n : undef, @part);
}

# What is answered in the place of the answer, if anything.
sub trouble {
	my ($path) = @_;
	my ($status, $times, $pattern) = split ' ', main::now('refuse', '');
	my $change = main::now('change', '');

	$asked++;
	if ($change =~ /^\d+/ && $change == $asked) {
		rename 'next.json', 'desk.json' or die "next.json: $!";
	}
	return (0) if main::now('fail', 0) eq $asked;
	return (429, { 'Retry-After' => 1 }, '') if main::once('busy');
	return () if !$times || $path !~ /$pattern/;
	$times--;
	main::put('refuse', "$status $times $pattern");
	return ($status, $status == 429 ? { 'Retry-After' => 100 } : {},
		{ error => 'refused' });
}

1;
