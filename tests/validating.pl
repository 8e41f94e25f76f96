# Stands before a server of the DNS as if it had validated all: AD is set in each
# answer.  Prints its address, and ends when who started it has.
#	validating.pl ADDRESS:PORT
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
my $in = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1') or die;
my $out = IO::Socket::INET->new(Proto => 'udp', PeerAddr => $ARGV[0]) or die;
printf "127.0.0.1:%d\n", $in->sockport;
my $parent = getppid;
while (getppid == $parent) {
	my $asked = '';
	vec($asked, fileno $in, 1) = 1;
	next if select($asked, undef, undef, 0.2) <= 0;
	my $from = $in->recv(my $question, 4096);
	$out->send($question);
	my $set = '';
	vec($set, fileno $out, 1) = 1;
	while (select(my $ready = $set, undef, undef, 1) > 0) {
		$out->recv(my $answer, 4096);
		next if substr($answer, 0, 2) ne substr($question, 0, 2);
		substr($answer, 3, 1) |= "\x20";
		$in->send($answer, 0, $from);
		last;
	}
}
