# follow.pl HOOK SECRET N: so many hooks as Slack signs them, one by one, and how
# long each takes from its 200 to the record with the right queue on standard
# input; prints the median and the 99th percentile in milliseconds.  The first
# ones, until all programs have started, do not count.
use strict;
use warnings;
use Digest::SHA 'hmac_sha256_hex';
use IPC::Open2;
use JSON::PP;
use Time::HiRes 'time';

my ($hook, $secret, $n) = @ARGV;
my @took;

sub call {
	my ($i, $text) = @_;
	my $at = sprintf '%d.%06d', time, $i;
	my $now = int time;
	my $body = encode_json({ type => 'event_callback', team_id => 'T1',
		event => { type => 'message', channel => "C$i", user => "U$i", ts => $at,
			team => 'T1', text => $text } });
	my ($out, $in);
	local %ENV = (KITH_SPOOL => $ENV{KITH_SPOOL}, PATH_INFO => '/hook/team',
		REQUEST_METHOD => 'POST', CONTENT_TYPE => 'application/json',
		CONTENT_LENGTH => length $body, HTTP_X_SLACK_REQUEST_TIMESTAMP => $now,
		HTTP_X_SLACK_SIGNATURE => 'v0=' . hmac_sha256_hex("v0:$now:$body", $secret));
	my $pid = open2($out, $in, $hook);
	print $in $body;
	close $in;
	my $status = <$out> // '';
	1 while <$out>;
	my $end = time;
	waitpid $pid, 0;
	die "follow.pl: $status" if $status !~ /^Status: 200/;
	return $end;
}

for my $i (1 .. $n + 5) {
	my $text = $i % 2 ? "my invoice number$i" : "hello number$i";
	my $queue = $i % 2 ? 'billing' : 'support';
	my $begun = call($i, $text);
	while (my $line = <STDIN>) {
		next if index($line, "number$i") < 0;
		my $record = decode_json($line);
		die "follow.pl: the wrong queue: $line" if $record->{route}{queue} ne $queue;
		push @took, (time - $begun) * 1000 if $i > 5;
		last;
	}
}
@took = sort { $a <=> $b } @took;
die "follow.pl: only " . @took . " came\n" if @took != $n;
printf "%d %d\n", $took[$n / 2], $took[$n * 0.99];
