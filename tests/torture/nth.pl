# nth.pl LIBRARY: lets the n-th call of each kind fail, for commands that are
# read from standard input, a line each:
#	WHAT TAB KINDS TAB STATE TAB INPUT TAB COMMAND...
# STATE, where it is not empty, is a folder that each run gets a copy of, as
# "work"; INPUT is what standard input reads.  NTH_FIRST and NTH_STEP say which n
# are tried ("1", "1" all; "*4" instead of a step multiplies); it ends where
# nothing failed.
#
# A run may end as it does where nothing fails, with the same bytes; or with 2
# and a line that says why; with 1 and a line where that is not memory (a file
# that could not be read is a reject), or that of a worker; with 75 where a lock or a server was not to be
# had.  No signal, no other exit.  A run on the state that was left by it then
# ends well, with the bytes of a first or a second run.
use strict;
use warnings;

my $library = shift or die;
my $first = $ENV{NTH_FIRST} || 1;
my $step = $ENV{NTH_STEP} || 1;
my $only = $ENV{NTH_ONLY} || '';
my ($count, $failed, $runs) = (0, 0, 0);

sub slurp {
	open my $f, '<', $_[0] or return '';
	local $/;
	my $s = <$f>;
	return defined $s ? $s : '';
}

sub fresh {
	my ($state) = @_;
	return if $state eq '';
	system('rm', '-rf', 'work');
	system('cp', '-R', $state, 'work');
}

# One run; its exit code, 128 and more for a signal, and what it wrote.
sub run {
	my ($input, $command, $kind, $n) = @_;
	my $pid = fork;
	if ($pid == 0) {
		open STDIN, '<', $input eq '' ? '/dev/null' : $input or die;
		open STDOUT, '>', 'out' or die;
		open STDERR, '>', 'err' or die;
		if (defined $kind) {
			@ENV{qw(NTH_KIND NTH LD_PRELOAD)} = ($kind, $n, $library);
		}
		alarm 60;
		exec @$command or exit 126;
	}
	waitpid $pid, 0;
	$runs++;
	my $rc = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return ($rc, slurp('out'), slurp('err'));
}

# What a live source gives twice behind a failure is merge's to fold.
sub once {
	my %seen;
	return join '', grep { !$seen{$_}++ } split /^/m, $_[0];
}

sub wrong {
	my ($kind, $rc, $out, $err, $good, $bytes) = @_;
	$err =~ s/^nth: .*\n//m;
	my $said = $err =~ /^kith.*\n/m;
	return '' if $rc == $good && $out eq $bytes;
	return $said ? '' : 'silent-2' if $rc == 2;
	return '' if $rc == 1 && $said &&
	    ($kind ne 'malloc' || $err =~ /ran out of memory$/m);
	return '' if $rc == 75 && $said && $kind =~ /lock|socket|connect|send|recv|poll/;
	return $rc == $good ? 'other-bytes' : "exit-$rc";
}

while (my $line = <STDIN>) {
	chomp $line;
	my ($what, $kinds, $state, $input, @command) = split /\t/, $line;
	next if $only ne '' && $what !~ /$only/;
	fresh($state);
	my ($good, $bytes) = run($input, \@command);
	my ($good2, $bytes2) = $state eq '' ? () : run($input, \@command);
	my (@bad, $tried);
	for my $kind (split / /, $kinds) {
		next if ($ENV{NTH_KINDS} || $kind) !~ /\b$kind\b/;
		my ($n, $tries, $wrong) = ($first, 0, 0);
		while (1) {
			fresh($state);
			my ($rc, $out, $err) = run($input, \@command, $kind, $n);
			last if $err !~ /^nth: /m;
			$tries++;
			my $why = wrong($kind, $rc, $out, $err, $good, $bytes);
			if ($why eq '' && $state ne '') {
				my ($rc2, $out2) = run($input, \@command);
				$why = "then-exit-$rc2" if $rc2 != $good && $rc2 != $good2;
				$why = 'then-other-bytes' if $why eq '' &&
				    $out2 ne $bytes && $out2 ne $bytes2 &&
				    once($out2) ne once($bytes);
			}
			if ($why ne '') {
				$wrong++;
				push @bad, "$kind:$n:$why" if $wrong <= 8;
			}
			$n = $step =~ /^\*(\d+)/ ? $n * $1 : $n + $step;
		}
		$tried .= " $kind $wrong of $tries,";
	}
	$count++;
	$failed += @bad > 0;
	chop $tried if defined $tried;
	print @bad ? 'not ok' : 'ok', " $count - $what:", $tried // '', "\n";
	print "# $_\n" for @bad;
	$| = 1;
}
print "1..$count\n# $runs runs\n";
exit($failed > 0);
