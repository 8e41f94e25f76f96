#!/usr/bin/perl
# A service's API for tests: an HTTP server on a free port of 127.0.0.1, whose
# rules are a program in Perl beside this one, tests/services/NAME.pl: it returns
# a sub that is called with the method, the path, a hash of the query's values
# (a list each), a hash of the headers (lower case) and the body, and returns
# status, a hash of headers, and the body: text as it is, else written as JSON.
# Status 0 closes the connection in the middle of the answer, and so does every
# request whose number is in ./fail.  One connection at a time is served, until it
# ends or an answer has the header Connection: close.
#	api.pl RULES PORTFILE [LOGFILE]
# The log has a line "METHOD PATH?QUERY" for each request.
# ./odd has lines "NUMBER KIND": the answer to that request, counted as in ./fail,
# is sent as odd() below has it.
# Rules may call now(FILE, DEFAULT), what stands in a file of the test, put(FILE,
# TEXT), and once(FILE), whether it is there, which moves it to FILE.was.
use strict;
use warnings;
use IO::Compress::Gzip 'gzip';
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use JSON::PP;

sub now {
	open my $f, '<', $_[0] or return $_[1];
	local $/;
	return (<$f> // '') =~ s/\n\z//r;
}

sub put {
	my ($name, $text) = @_;
	open my $f, '>', $name or die;
	print $f $text;
	close $f;
}

sub once { return rename $_[0], "$_[0].was" }

my ($rules, $port, $log) = @ARGV;
my $asked = 0;
my $json = JSON::PP->new->utf8->canonical->allow_nonref;
my $handle = do($rules) or die "api.pl: $rules: ", $@ || $!;
my $server = IO::Socket::INET->new(
	Listen => 16, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die "api.pl: $!";
$SIG{PIPE} = 'IGNORE';
open my $to, '>', "$port.new" or die;
print $to $server->sockport, "\n";
close $to;
rename "$port.new", $port or die;

sub plain {
	my $s = shift;
	$s =~ tr/+/ /;
	$s =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
	return $s;
}

# What servers, and what stands before them, make of a good answer.
my %statuses = (none => 204, moved => 302, busy => 429, error => 500, proxy => 502,
	away => 503, timeout => 408, conflict => 409, early => 425);
my %afters = ('after-past' => 'Wed, 21 Oct 2015 07:28:00 GMT', 'after-word' => 'soon',
	'after-minus' => -5, 'after-part' => 0.5, 'after-none' => '',
	'after-large' => '99999999999999999999');

sub gzipped {
	my ($text, $out) = @_;
	gzip(\$text => \$out) or die;
	return $out;
}

# Bytes to be sent in place of the answer, after which the connection ends where
# they do not say how long they are.
sub odd {
	my ($kind, $status, $more, $body) = @_;
	my $half = substr $body, 0, length($body) / 2;
	my $head = "HTTP/1.1 $status X\r\n"
	    . join '', map { "$_: $more->{$_}\r\n" } sort keys %$more;
	my $page = "<html><title>We are back soon</title><p>Maintenance</html>\n";
	my $whole = sub {
		return shift . 'Content-Length: ' . length($_[0]) . "\r\n\r\n$_[0]";
	};

	return $whole->("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", $page) if $kind eq 'html';
	return $whole->("HTTP/1.1 502 X\r\nContent-Type: text/html\r\n", $page) if $kind eq 'proxy';
	return $whole->($head, '') if $kind eq 'empty';
	return $whole->($head, 'null') if $kind eq 'null';
	return $whole->($head, $half) if $kind eq 'half';
	return "${head}Connection: close\r\n\r\n$half" if $kind eq 'end';
	return "${head}Content-Length: " . (length($body) + 9) . "\r\n\r\n$body" if $kind eq 'longer';
	return sprintf "%sTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", $head, length $half, $half
	    if $kind eq 'chunk' && length $half;
	return "${head}Transfer-Encoding: chunked\r\n\r\n"
	    . join('', map { sprintf "%x\r\n%s\r\n", length, $_ } $body =~ /.{1,7}/gs) . "0\r\n\r\n"
	    if $kind eq 'chunks';
	return $whole->("${head}Content-Encoding: gzip\r\n", gzipped($body)) if $kind eq 'gzip';
	return $whole->("${head}Content-Encoding: gzip\r\n", substr gzipped($body), 0, -9)
	    if $kind eq 'gunzip';
	return $whole->("HTTP/1.1 429 X\r\nRetry-After: $afters{$kind}\r\n", '') if exists $afters{$kind};
	return "HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 0\r\n\r\n" if $kind eq 'moved';
	return $whole->("HTTP/1.1 $statuses{$kind} X\r\n", $kind eq 'none' ? '' : $page)
	    if exists $statuses{$kind};
	return '' if $kind eq 'nothing';
	die "api.pl: odd: $kind";
}

sub serve {
	my $client = shift;
	my $first = <$client> // return 0;
	my ($method, $url) = $first =~ /^(\S+) (\S+) HTTP/ or return 0;
	my (%headers, %query);
	while (defined(my $line = <$client>)) {
		$line =~ s/\r?\n$//;
		last if $line eq '';
		$headers{ lc $1 } = $2 if $line =~ /^([^:]+):\s*(.*)$/;
	}
	my $body = '';
	my $n = $headers{'content-length'} // 0;
	while ($n > length $body) {
		read($client, $body, $n - length $body, length $body) or return 0;
	}
	my ($path, $rest) = split /\?/, $url, 2;
	for (split /&/, $rest // '') {
		my ($name, $value) = split /=/, $_, 2;
		push @{ $query{ plain($name) } }, plain($value // '');
	}
	if (defined $log) {
		open my $f, '>>', $log or die;
		print $f "$method $url\n";
		close $f;
	}
	my ($status, $more, $answer) =
	    $handle->($method, $path, \%query, \%headers, $body);
	$status = 0 if now('fail', 0) eq ++$asked;
	$answer = $json->encode($answer) if ref $answer;
	$answer //= '';
	utf8::encode($answer) if utf8::is_utf8($answer);
	if (now('odd', '') =~ /^$asked (\S+)/m) {
		print $client odd($1, $status, $more // {}, $answer);
		return $1 !~ /^(end|longer|chunk|nothing)$/;
	}
	if ($status == 0) {
		print $client "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{\"";
		return 0;
	}
	my $head = "HTTP/1.1 $status X\r\nContent-Length: " . length($answer) . "\r\n";
	$head .= "$_: $more->{$_}\r\n" for sort keys %{ $more // {} };
	print $client "$head\r\n$answer";
	$client->flush;
	return ($more->{Connection} // '') ne 'close';
}

while (my $client = $server->accept) {
	$client->autoflush(1);
	setsockopt $client, IPPROTO_TCP, TCP_NODELAY, 1;
	1 while serve($client);
	close $client;
}
