# power.pl's checks of what live sources and hooks bring: what the servers know at
# the moment at which the power goes, and what is there behind merge.
use strict;
use warnings;

our %c;

# What left by a socket: what a server has forgotten by then (Telegram), and the
# access tokens that were used.
sub live_sent {
	my ($gone, $bytes) = @_;
	while ($bytes =~ /[?&]offset=(\d+)/g) {
		$gone->{offset} = $1 if $1 > ($gone->{offset} // 0);
	}
	while ($bytes =~ /\bBearer a(\d+)/g) {
		$gone->{used} = $1 if $1 > ($gone->{used} // 1);
	}
}

# The servers as they were at that moment.  One of tokens takes the refresh token
# that is on the disk, as those do that know of answers which do not arrive.
sub live_server {
	my ($gone) = @_;
	unlink 'gone';
	put('gone', $gone->{offset} - 1) if $gone->{offset};
	put('grants', live_token() // 1);
}

# The number of the refresh token on the disk, if one is to be there.
sub live_token {
	return if !-d 'disk/tokens';
	return slurp('disk/tokens/desk.json') =~
	    /\A\{[^{}\0]*"refresh_token": ?"r(\d+)"[^{}\0]*\}\s*\z/ ? $1 : undef;
}

# Behind merge: ids, those that come twice too.
sub merged {
	my ($lines) = @_;
	my ($config) = "@{ $c{command} } -C hooks.yaml" =~ /-C (\S+)/;
	put('native', $lines);
	my $out = `kith-normalize -q -C $config native 2>/dev/null | kith-identify -q | kith-merge -q 2>/dev/null`;
	return join ' ', sort(ids($out));
}

sub live_whole {
	$c{ids} = merged($c{check} eq 'hook' ? taken_by_ingest() : $c{out}[0] . slurp('disk/out'));
	die "nothing came" if $c{ids} eq '';
}

# A run without a loss, whose output is what a run before has begun.
sub appended {
	return run($c{input}, $c{command}, POWER_LAZY => 1, POWER_BOOT => 'boot9',
	    $c{check} eq 'live' ? (POWER_OUT => 'disk/out') : ());
}

# How it differs from a run without a loss, if it does.
sub wrong {
	my (%want, %has);
	$want{$_}++ for split / /, $c{ids};
	$has{$_}++ for split / /, merged($_[0]);
	my $lost = grep { !$has{$_} } keys %want;
	my $more = grep { $has{$_} > ($want{$_} // 0) } keys %has;
	return $lost + $more ? "behind merge $lost are lost, $more too much" : '';
}

sub is_live {
	my ($gone) = @_;
	if (-d 'disk/tokens') {
		my $n = live_token() // return 'the file of tokens is not whole';
		return "r$n is kept, and a$gone->{used} was used"
		    if $n < ($gone->{used} // 1);
	}
	live_server($gone);
	my ($rc, undef, $err) = appended();
	return "exit $rc: $err" if $rc != 0;
	my $why = wrong(slurp('disk/out'));
	return $why if $why ne '';
	my $size = -s 'disk/out';
	($rc, undef, $err) = appended();
	return "the next one: exit $rc: $err" if $rc != 0;
	return 'it does not stand still' if $size != -s 'disk/out';
	return '';
}

# What ingest makes of the spool; nothing stays there.
sub taken_by_ingest {
	my ($config) = "@{ $c{command} } -C hooks.yaml" =~ /-C (\S+)/;
	unlink 'took';
	my $rc = system("kith-ingest -q -C $config disk/spool >took 2>err");
	return $rc == 0 ? slurp('took') : 'rejected: ' . slurp('err');
}

sub is_hook {
	my ($gone) = @_;
	my @whole = glob 'disk/spool/[0-9]*.hook';
	my $body = slurp($c{input});
	slurp($_) =~ /\Akith-hook 1 [^\n]*\n\Q$body\E\z/ or return "$_ is not whole"
	    for @whole;
	return 'answered, and not kept'
	    if $gone->{out} =~ /^Status: 200/m && !@whole;
	my ($rc, $out, $err) = again($c{input}, $c{command});
	return "exit $rc: $out$err" if $rc != 0 || $out !~ /^Status: 200/m;
	return wrong(taken_by_ingest());
}

1;
