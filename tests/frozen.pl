#!/usr/bin/perl
# Between a client and a server, for tests: what passes on a connection, until it
# falls silent, and nobody is told.
#	frozen.pl TARGETPORT PORTFILE
# The file `freeze` says how, looked at all the while: nothing or "no", all passes;
# "yes", nothing does any more on any connection, nor ever again on those that
# are there then, though new ones are taken; a number, so many bytes of the
# server pass on each connection, then nothing.  The file `silent` is made where
# one fell silent by that number.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($target, $port) = @ARGV;
my $server = IO::Socket::INET->new(
	Listen => 16, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
$SIG{PIPE} = 'IGNORE';
open my $to, '>', "$port.new" or die;
print $to $server->sockport, "\n";
close $to;
rename "$port.new", $port or die;

my $all = IO::Select->new($server);
my (%other, %given, %dead);    # by file number; `given` of the server's side

sub how {
	open my $f, '<', 'freeze' or return 'no';
	chomp(my $s = <$f> // 'no');
	return $s;
}

sub forget {
	my $s = shift;
	my $o = delete $other{ fileno $s } or return;
	delete $other{ fileno $o };
	for ($s, $o) {
		$all->remove($_);
		delete $given{ fileno $_ };
		delete $dead{ fileno $_ };
		close $_;
	}
}

sub take {
	my $client = $server->accept or return;
	my $upstream = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$target")
	    or return close $client;
	$other{ fileno $client } = $upstream;
	$other{ fileno $upstream } = $client;
	$given{ fileno $upstream } = 0;
	$all->add($client, $upstream);
}

sub pass {
	my ($s, $most) = @_;
	my $o = $other{ fileno $s };
	my $of_server = exists $given{ fileno $s };
	my $n = 65536;
	$n = $most - $given{ fileno $s } if $of_server && $most =~ /^\d+$/
	    && $most - $given{ fileno $s } < $n;
	my $got = sysread $s, my $bytes, $n > 0 ? $n : 1;
	return forget($s) if !$got;
	return if $dead{ fileno $s };
	$given{ fileno $s } += $got if $of_server;
	syswrite $o, $bytes, $n > 0 ? $got : 0;
	return if !$of_server || $most !~ /^\d+$/ || $given{ fileno $s } < $most;
	$dead{ fileno $s } = $dead{ fileno $o } = 1;
	open my $f, '>', 'silent' or die;
}

for (;;) {
	my @ready = $all->can_read(0.02);
	my $how = how();
	if ($how eq 'yes') {
		$dead{$_} = 1 for keys %other;
	}
	for my $s (@ready) {
		if ($s == $server) { take() }
		elsif ($other{ fileno $s // next }) { pass($s, $how) }
	}
}
