#!/usr/bin/perl
# A server of tokens on loopback, for tests: POST /token takes the refresh token
# that it gave last and gives an access token and another refresh token, or the
# client's secret alone and gives an access token; GET
# /tokeninfo?access_token=T says whether that is the one it gave last, as dovecot
# asks.  Prints its port.
#	oauth.pl STATE [FILE]	a file with the number of the refresh token, r1 at
#				first, and one for the access token that is good
use strict;
use warnings;
use IO::Socket::INET;
$| = 1;
my ($state, $good) = @ARGV;
my $s = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 8)
    or die "socket: $!";
print $s->sockport, "\n";
sub number {
	open my $f, "<", $state or return 1;
	return <$f> + 0;
}
sub answer {
	my ($c, $status, $text) = @_;
	printf $c "HTTP/1.1 %s\r\nContent-Type: application/json\r\n" .
	    "Content-Length: %d\r\nConnection: close\r\n\r\n%s",
	    $status, length $text, $text;
}
while (my $c = $s->accept) {
	my $line = <$c> // next;
	my $size = 0;
	while (my $h = <$c>) {
		$size = $1 if $h =~ /^Content-Length: (\d+)/i;
		last if $h =~ /^\r?\n/;
	}
	read $c, my $body, $size if $size;
	my $n = number();
	if ($line =~ m{^GET /tokeninfo\?access_token=(\S*)}) {
		$1 eq "a$n"
		    ? answer($c, "200 OK", '{"active":true,"email":"u1"}')
		    : answer($c, "401 Unauthorized", '{"error":"invalid_token"}');
	} elsif ($body =~ /(^|&)grant_type=client_credentials(&|$)/) {
		# A refresh token beside it is of no use to whoever has the secret.
		$body =~ /client_secret=s%263/ && $body !~ /refresh_token=/
		    ? answer($c, "200 OK", qq({"access_token":"a$n",) .
			'"refresh_token":"r0","expires_in":3600}')
		    : answer($c, "401 Unauthorized", '{"error":"invalid_client"}');
	} elsif ($body !~ /(^|&)refresh_token=r$n(&|$)/ ||
	    $body !~ /client_secret=s%263/) {
		answer($c, "400 Bad Request", '{"error":"invalid_grant",' .
		    '"error_description":"it was used"}');
	} else {
		open my $f, ">", $state or die "$state: $!";
		print $f $n + 1;
		close $f;
		$n++;
		if (defined $good) {
			open $f, ">", $good or die "$good: $!";
			print $f "a$n\n";
			close $f;
		}
		answer($c, "200 OK", qq({"access_token":"a$n",) .
		    qq("refresh_token":"r$n","expires_in":3600}));
	}
	close $c;
}
