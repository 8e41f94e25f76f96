# power.pl LIBRARY: what a loss of the power leaves of the files below disk/, for
# commands that are read from standard input, a line each:
#	WHAT TAB CHECK TAB START TAB INPUT TAB COMMAND...
# START, where it is not empty, is a folder that disk/ begins as; INPUT is what
# standard input reads.
#
# A run is written down by LIBRARY (tests/tools/preload/power.c).  Then disks are
# made, as they could be found if the power went at each moment of it, by what
# POSIX says and no more: what was synced is there.  Of what was not, each write,
# each change of a size and each entry of a folder is there or is not, whatever
# was done before or after it; a write may be cut at sectors and pages; and where
# a file grew, zeros may stand for what did not get there.  An entry of a folder
# lasts when the folder was synced.  On each such disk the command runs again,
# after another boot and with the same input, as cron would let it; and once
# more, when all must stand still.  What is right then is what CHECK says:
#	same	the exit code and the bytes are those of a first or of a second
#		run without a loss; messages that were given out before are in
#		people.db, and the state ends as it does without a loss
#	bytes	the exit code and the bytes alone
#	events	as `same`, but lines of events may have been given out before
#	filed	as `events`, but standard output is a file, disk/out
#	line	each line that was given out before stands in disk/st/acts.jsonl
#	send	no draft is lost, and none arrives twice (taken, of sink.sh)
#	live	the exit code is 0; what stands in disk/out, half lines too, and
#		what the command appends to it then are, behind merge, the
#		messages of a run without a loss, each once.  Standard output is
#		disk/out
#	piped	as `live`, but COMMAND writes disk/out itself
#	hook	where 200 was answered before the body is in disk/spool, and what
#		is there is whole; the service sends it again, and behind merge it
#		is there once
#	opens	0 or 1, or 2 and a word: it only reads what another run wrote;
#		COMMAND is two, with a | between them: the writer, the reader
#
# POWER_CUTS (moments of a run) and POWER_DISKS (disks of a moment) say how many
# are tried: 0 all there are; POWER_SEED which.  POWER_TWICE=N: every Nth or so
# loses the power once more while the command runs again; and at every Nth moment
# or so the run is killed first, which loses nothing, and the next one loses the
# power, with what neither of them had synced.  POWER_ONLY=REGEX takes some.
use strict;
use warnings;
use Cwd qw(getcwd);
use Digest::MD5 qw(md5_hex);
use File::Basename qw(dirname);

my $library = shift or die;
my $cuts = $ENV{POWER_CUTS} // 3;
my $disks = $ENV{POWER_DISKS} // 2;
my $twice = $ENV{POWER_TWICE} // 0;
my $only = $ENV{POWER_ONLY} // '';
my $seed = $ENV{POWER_SEED} // 1;
my $here = getcwd();
umask 077;
my ($count, $failed, $runs) = (0, 0, 0);
$| = 1;

# The same numbers everywhere.
sub random {
	my ($below) = @_;
	$seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int(($seed >> 8) * $below / (1 << 23));
}

sub slurp {
	open my $f, '<:raw', $_[0] or return '';
	local $/;
	my $s = <$f>;
	return $s // '';
}

sub put {
	my ($path, $bytes) = @_;
	open my $f, '>:raw', $path or die "$path: $!";
	print $f $bytes;
	close $f or die;
}

# One run: its exit code, 128 and more for a signal, and what it wrote.
sub run {
	my ($input, $command, %env) = @_;
	my $pid = fork;
	if ($pid == 0) {
		open STDIN, '<', $input eq '' ? '/dev/null' : $input or die;
		open STDOUT, defined $env{POWER_OUT} ? '>>' : '>', $env{POWER_OUT} // 'out' or die;
		open STDERR, '>', 'err' or die;
		$ENV{LD_PRELOAD} = $library;
		$ENV{$_} = $env{$_} for keys %env;
		alarm 60;
		exec @$command or exit 126;
	}
	waitpid $pid, 0;
	$runs++;
	my $rc = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return ($rc, slurp('out'), slurp('err'));
}

sub again { return run(@_[0, 1], POWER_LAZY => 1, POWER_BOOT => 'boot9') }

# --- the disk: a file is {data, wait}, a folder {dir, wait}; wait is what was
# --- not synced, in its order: [number, kind, ...]

my $number; # of changes
sub new_file { return { data => $_[0] // '', wait => [] } }
sub new_folder { return { dir => {}, wait => [] } }

# What stands at a path now, by all that was done: the folder and the name.
sub place {
	my ($root, $path) = @_;
	my @parts = grep { $_ ne '' } split m{/}, $path;
	return ($root, '') if !@parts;
	my $name = pop @parts;
	$root = $root->{now}{$_} // return for @parts;
	return ($root, $name);
}

sub from_disk {
	my ($path) = @_;
	if (-d $path) {
		my $d = new_folder();
		opendir my $h, $path or die;
		for (grep { !/^\.\.?$/ } readdir $h) {
			$d->{dir}{$_} = $d->{now}{$_} = from_disk("$path/$_");
		}
		return $d;
	}
	return new_file(slurp($path));
}

sub change {
	my ($node, @what) = @_;
	push @{ $node->{wait} }, [ $number++, @what ];
}

sub entry {
	my ($folder, $name, $node) = @_;
	my $old = $folder->{now}{$name};
	change($folder, 'entry', $name, $node, $old);
	if (defined $node) { $folder->{now}{$name} = $node }
	else { delete $folder->{now}{$name} }
}

# Changes of a file, as they are found: those that are kept by the choice.
sub data_of {
	my ($node, $keep) = @_;
	my ($data, $grown) = ($node->{data}, 0);
	for my $c (@{ $node->{wait} }) {
		my ($n, $kind, $at, $bytes) = @$c;
		my $how = $keep->{$n} // 0;
		if ($kind eq 'size') {
			next if !$how;
			$data .= "\0" x ($at - length $data) if $at > length $data;
			$data = substr $data, 0, $at;
			$grown = 0;
			next;
		}
		my $end = $at + length $bytes;
		$grown = $end if $end > $grown;
		next if !$how;
		if ($how > 1) {    # a sector or page of it, and all before or after
			my $unit = $how % 2 ? 512 : 4096;
			my $cut = ($at + 1 + ($how >> 2) % length $bytes);
			$cut -= $cut % $unit;
			next if $cut <= $at;
			if ($how & 2) { $bytes = substr $bytes, 0, $cut - $at }
			else {
				$bytes = substr $bytes, $cut - $at;
				$at = $cut;
			}
		}
		$data .= "\0" x ($at - length $data) if $at > length $data;
		substr($data, $at, length $bytes) = $bytes;
	}
	$data .= "\0" x ($grown - length $data)
	    if $keep->{zeros} && $grown > length $data;
	return $data;
}

sub names_of {
	my ($node, $keep) = @_;
	my %dir = %{ $node->{dir} };
	for my $c (@{ $node->{wait} }) {
		my ($n, $kind, $name, $what, $old) = @$c;
		next if !$keep->{$n};
		if (defined $what) {
			$dir{$name} = $what;
		} elsif (defined $dir{$name} && $dir{$name} == $old) {
			delete $dir{$name};
		}
	}
	return \%dir;
}

# All changes that wait, below a folder as it is now or as it lasts.
sub waiting {
	my ($node, $seen, $out) = @_;
	return if $seen->{$node}++;
	push @$out, map { [ $_->[0], $_->[1] eq 'entry' ? "entry of $_->[2]" : $_->[1] ] }
	    @{ $node->{wait} };
	if ($node->{dir}) {
		my @below = (values %{ $node->{dir} }, map { $_->[3] } @{ $node->{wait} });
		waiting($_, $seen, $out) for grep { defined } @below;
	}
}

sub image {
	my ($node, $keep, $path, $out) = @_;
	if (!$node->{dir}) {
		$out->{$path} = data_of($node, $keep);
		return;
	}
	my $dir = names_of($node, $keep);
	$out->{"$path/"} = 1;
	image($dir->{$_}, $keep, "$path/$_", $out) for sort keys %$dir;
}

sub settle {
	my ($node) = @_;
	my %all = map { $_->[0] => 1 } @{ $node->{wait} };
	if ($node->{dir}) { $node->{dir} = names_of($node, \%all) }
	else { $node->{data} = data_of($node, \%all) }
	$node->{wait} = [];
}

sub write_image {
	my ($image) = @_;
	system('rm', '-rf', 'disk') if -e 'disk';
	for (sort keys %$image) {
		if (m{/$}) { mkdir $_, 0700 or die "$_: $!" }
		else { put($_, $image->{$_}) }
	}
}

# Which of the changes are there: as many choices as are asked for.
sub choices {
	my ($changes, $disks) = @_;
	my @n = map { $_->[0] } @$changes;
	my @all = ({}, { map { $_ => 1 } @n }, { zeros => 1 });
	return @all[ 0, 0 ] if !@n;
	my @each;
	for my $i (@n) {
		my %without = map { $_ => 1 } grep { $_ != $i } @n;
		push @each, \%without, { $i => 1 }, { $i => 1, zeros => 1 };
	}
	my $room = $disks || 64;
	while (@each > $room / 2) { splice @each, random(scalar @each), 1 }
	push @all, @each;
	while (@all < $room) {
		my $often = (2, 5, 8)[ random(3) ];
		my %some = (zeros => random(2));
		for (@n) {
			$some{$_} = 1 if random(10) < $often;
			$some{$_} = 4 + random(1 << 20)
			    if $some{$_} && random(4) == 0;
		}
		push @all, \%some;
	}
	splice @all, 1 + random(@all - 1), 1 while @all > $room;
	return @all;
}

# --- a run as it was written down

sub entries {
	my ($log) = @_;
	my ($at, @out) = (0);
	while ((my $end = index $log, "\n", $at) >= 0) {
		my @e = split / /, substr $log, $at, $end - $at;
		$at = $end + 1;
		if ($e[0] =~ /^(open|write|name|rename|link|mkdir|out|send)$/) {
			push @e, substr $log, $at, $e[-1];
			$at += $e[-2] + 1;
		}
		push @out, \@e;
	}
	return @out;
}

# One entry, done to the disk.
sub act {
	my ($root, $open, $word, @e) = @_;
	if ($word eq 'open') {
		my ($folder, $name) = place($root, $e[4]);
		die "open $e[4]" if !defined $folder;
		my $node = $name eq '' ? $folder : $folder->{now}{$name};
		if (!defined $node) {
			$node = new_file();
			entry($folder, $name, $node);
		} elsif ($e[2]) {
			change($node, 'size', 0);
			$node->{size} = 0;
		}
		$open->{ $e[0] } = $node;
	} elsif ($word eq 'write') {
		change($open->{ $e[0] }, 'write', $e[1], $e[3]);
	} elsif ($word eq 'size') {
		change($open->{ $e[0] }, 'size', $e[1]);
	} elsif ($word eq 'sync') {
		settle($open->{ $e[0] });
	} elsif ($word eq 'dup') {
		$open->{ $e[1] } = $open->{ $e[0] };
	} elsif ($word eq 'close') {
		# Of a child that closes what it was born with nothing is known.
		delete $open->{ $e[0] };
	} elsif ($word eq 'name') {
		entry(place($root, $e[1]), undef);
	} elsif ($word eq 'mkdir') {
		my ($folder, $name) = place($root, $e[1]);
		entry($folder, $name, { now => {}, %{ new_folder() } });
	} elsif ($word eq 'rename' || $word eq 'link') {
		my ($from, $to) = split /\n/, $e[1];
		my ($folder, $name) = place($root, $from);
		my $node = $folder->{now}{$name};
		entry(place($root, $to), $node);
		entry($folder, $name, undef) if $word eq 'rename';
	}
}

# --- what is right

our %c;    # of the command: its lines, its bytes without a loss

sub ids {
	my ($lines) = @_;
	return map { /^\{"id":"([^"]*)"/ ? $1 : () } split /\n/, $lines;
}

sub dump_of {
	my ($db) = @_;
	return -e $db ? scalar `sqlite3 $db .dump 2>&1` : '';
}

sub states { return join '', map { dump_of($_) } sort glob 'disk/st/*.db' }

require(dirname(__FILE__) . '/powerlive.pl');

# What was given out before the power went, and is not in the state by then.
sub not_kept {
	my ($gone) = @_;
	return '' if $gone->{out} eq '' || $c{command}[0] !~ /merge/;
	system('rm', '-rf', 'copy');
	system('cp', '-R', 'disk', 'copy');
	my %has = map { $_ => 1 }
	    split /\n/, `sqlite3 copy/st/people.db "SELECT id FROM messages" 2>&1`;
	$has{$_} or return "given out, and not kept: $_"
	    for ids(join '', map { /"type":"message"/ ? "$_\n" : () }
		split /\n/, substr $gone->{out}, 0, rindex($gone->{out}, "\n") + 1);
	return '';
}

sub plain { return join '', sort grep { !/"type":"event"/ } split /^/, $_[0] }
sub told { my %l = map { $_ => 1 } grep { /"type":"event"/ } split /^/, $_[0]; return join '', sort keys %l }

sub ended {
	my ($rc, $out, $err) = @_;
	return "exit $rc: " . ($err =~ /(.*)/)[0]
	    if $rc != $c{rc}[0] && $rc != $c{rc}[1];
	return '';
}

my %check = (
	same => sub {
		my ($gone) = @_;
		my $why = not_kept($gone);
		return $why if $why ne '';
		my ($rc, $out, $err) = again($c{input}, $c{command});
		$why = ended($rc, $out, $err);
		return $why if $why ne '';
		return 'other bytes' if $out ne $c{out}[0] && $out ne $c{out}[1];
		return 'another file of rejects'
		    if -e 'rejects' && slurp('disk/st/rejects') ne $c{rejects};
		($rc, $out, $err) = again($c{input}, $c{command});
		return 'it does not stand still' if $out ne $c{out}[1];
		return 'another state' if states() ne $c{state};
		return '';
	},
	events => sub {
		my ($gone) = @_;
		# A line may stand behind half of one that was cut off.
		$gone = { out => join '', map { /.*(\{"id":"[^\0]*\}\n)/ ? $1 : () }
		    split /^/, slurp('disk/out') } if $c{check} eq 'filed';
		my $why = not_kept($gone);
		return $why if $why ne '';
		my ($rc, $out, $err) = again($c{input}, $c{command});
		$why = ended($rc, $out, $err);
		return $why if $why ne '';
		return 'other records' if plain($out) ne plain($c{out}[0]) &&
		    plain($out) ne plain($c{out}[1]);
		return 'other events'
		    if told("$gone->{out}\n$out") ne told($c{out}[0]);
		return '';
	},
	bytes => sub {
		my ($rc, $out, $err) = again($c{input}, $c{command});
		my $why = ended($rc, $out, $err);
		return $why ne '' ? $why : $out eq $c{out}[0] ? '' : 'other bytes';
	},
	line => sub {
		my ($gone) = @_;
		my $has = slurp('disk/st/acts.jsonl');
		for (grep { /\n$/ } split /^/, $gone->{out}) {
			return 'given out, and not kept' if index($has, $_) < 0;
		}
		my ($rc, $out, $err) = again($c{input}, $c{command});
		return ended($rc, $out, $err) if ended($rc, $out, $err) ne '';
		return 'other bytes' if $out ne $c{out}[0];
		($rc, $out, $err) = again('', [ 'kith-merge', '-q', '-S', 'disk/st' ]);
		return "merge: exit $rc: $err" if $rc != 0;
		return 'merge does not know of it' if $out ne $c{known};
		return '';
	},
	opens => sub {
		my ($rc, $out, $err) = again('', $c{reader});
		return '' if $rc == 0 || $rc == 1;
		return '' if $rc == 2 && $err =~ /^kith.*(merge -S|--send|did not get to its end)/m;
		return "exit $rc: $err";
	},
	send => sub {
		my ($gone) = @_;
		put('taken', '');
		my ($rc, $out, $err) = again($c{input}, $c{command});
		my @now = slurp("taken") =~ /^smtp <([^>]*)>/mg;
		my %now = map { $_ => 1 } @now;
		return "exit $rc: $err" if $rc != 0 && $rc != 1 && $rc != 75;
		for (keys %now) {
			return "twice: $_" if $gone->{left}{$_};
		}
		return "twice in one run" if keys %now < @now;
		my ($sent, $held) = (0, 0);
		for (split /\n/, $out) {
			my ($status) = /"delivery":\{"status":"(\w+)"/;
			my ($id) = /"messageId":"([^"]*)"/;
			return 'held, and its attachment is lost' if $status ne 'sent' &&
			    /"sha256":"(\w+)"/ && !-e "disk/st/attachments/$1";
			$held++, next if /"status":"ambiguous"/ && /"reason":"./;
			$held++, next if /"status":"failed"/ && /"retryAt":/;
			return "neither sent nor held: $_" if $status ne 'sent';
			$sent++;
			return 'said to be sent, and is not'
			    if !$now{$id} && !$gone->{left}{$id};
		}
		return "lost: $sent sent, $held held"
		    if $sent + $held != $c{drafts};
		return 'held without a word' if $held > 0 && $rc == 0;
		for (grep { /"status":"sent".*\n$/ } split /^/, $gone->{out}) {
			return 'given out, and not known' if index($out, $_) < 0;
		}
		$c{sent} += $sent;
		$c{held} += $held;
		return '';
	},
);
$check{filed} = $check{events};
$check{live} = $check{piped} = \&is_live;
$check{hook} = \&is_hook;

sub fresh {
	system('rm', '-rf', 'disk');
	system($c{start} eq '' ? ('mkdir', 'disk') : ('cp', '-R', $c{start}, 'disk'));
}

# What a run does where nothing is lost, and the same once more.
sub whole {
	fresh();
	live_server({});
	for my $i (0, 1) {
		($c{rc}[$i], $c{out}[$i]) = again($c{input}, $c{command});
		$c{rejects} = slurp('disk/st/rejects') if -e 'rejects';
	}
	$c{state} = states();
	live_whole() if $c{check} =~ /^(live|piped|hook)$/;
	(undef, $c{known}) = again('', [ 'kith-merge', '-q', '-S', 'disk/st' ])
	    if $c{check} eq 'line';
}

# The command once more on the disk as it is, written down; and the power goes
# again.  What is wrong, if anything is.
sub once_more {
	my ($gone, $depth) = @_;
	my %left = %{ $gone->{left} };
	my $root = from_disk('disk');
	live_server($gone);
	my (undef, undef, @bad) = replay($root, written($depth),
	    { %$gone, left => \%left, before => { %left } }, $depth);
	return @bad ? "the second time: $bad[0]" : '';
}

# The run is killed; what it did is seen by the next, and was not synced.
sub killed {
	my ($root, $gone) = @_;
	my $pid = fork;
	if ($pid == 0) {
		my (@changes, %image, %open);
		waiting($root, {}, \@changes);
		image($root, { map { $_->[0] => 1 } @changes }, 'disk', \%image);
		write_image(\%image);
		$gone->{before} = { %{ $gone->{left} } };
		live_server($gone);
		my (undef, undef, @bad) = replay($root, written(1), $gone, 2);
		put('bad', @bad ? "killed before: $bad[0]" : '');
		exit 0;
	}
	waitpid $pid, 0;
	return slurp('bad');
}

# The disks of one moment; returns what is wrong with the first that is.
sub moment {
	my ($root, $gone, $tried, $depth) = @_;
	my (@changes, $wrong);
	waiting($root, {}, \@changes);
	@changes = sort { $a->[0] <=> $b->[0] } @changes;
	for my $keep (choices(\@changes, $depth == 1 ? $disks : 3)) {
		my %image;
		image($root, $keep, 'disk', \%image);
		my $sum = md5_hex(join "\0", map { ($_, md5_hex($image{$_})) }
		    sort keys %image);
		$sum .= join ' ', " $gone->{out}", $gone->{offset} // '',
		    $gone->{used} // '', sort keys %{ $gone->{left} };
		next if $tried->{$sum}++;
		write_image(\%image);
		my $why = $depth == 1 && $twice && random($twice) == 0
		    ? once_more($gone, 2)
		    : $check{ $c{check} }->($gone);
		next if $why eq '';
		$wrong //= "$why (" . join(' ', map { "$_=$keep->{$_}" }
		    sort keys %$keep) . ' of ' . join(' ', map { "$_->[0]:$_->[1]" } @changes) . ')';
		if (defined $ENV{POWER_KEEP}) {
			write_image(\%image);
			print "# $why: left as it was\n";
			exit 1;
		}
	}
	return $wrong // '';
}

# A run on the disk as it is, in this boot: what was written down.
sub written {
	my ($depth) = @_;
	put("boot$depth", "$depth\n");
	put('taken', '');
	my (undef, undef, $err) = run($c{input}, $c{command},
	    POWER_ROOT => "$here/disk", POWER_LOG => "$here/taken",
	    POWER_BOOT => "boot$depth", POWER_LAZY => 1,
	    $c{check} =~ /^(filed|live)$/ ? (POWER_OUT => 'disk/out') : ());
	my $log = slurp('taken');
	print "# nothing was written down: $err\n" if $log !~ /^sync/m;
	return $log;
}

sub replay {
	my ($root, $log, $gone, $depth) = @_;
	my (%open, %stream, %tried, @bad);
	my $cuts = $depth == 1 ? $cuts : 3;
	# These take long: all of them with all disks alone.
	$cuts = 5 if !$cuts && $disks && $disks <= 8 && $c{check} =~ /^(live|piped|hook)$/;
	my @entries = entries($log);
	push @entries, ['end'];
	# A moment counts where something is about to be safe, or to be seen.
	my @at = grep { $entries[$_][0] =~ /^(sync|out|smtp|end)$/ } 0 .. $#entries;
	splice @at, random(@at - 1), 1 while $cuts && @at > $cuts;
	my %at = map { $_ => 1 } @at;
	for my $i (0 .. $#entries) {
		my @e = @{ $entries[$i] };
		if ($at{$i}) {
			my $why = moment($root, $gone, \%tried, $depth);
			$why = killed($root, $gone)
			    if $why eq '' && $depth == 1 && $twice && random($twice) == 0;
			push @bad, "$i @e[0 .. ($#e > 1 ? 1 : $#e)]: $why" if $why ne '';
		}
		if ($e[0] eq 'out') {
			$gone->{out} .= $e[2];
		} elsif ($e[0] eq 'smtp') {
			push @bad, "twice: $1" if $e[1] =~ /<(.*)>/ && $gone->{before}{$1};
			$gone->{left}{$1} = 1 if $e[1] =~ /<(.*)>/;
		} elsif ($e[0] eq 'send') {
			$stream{ $e[1] } .= $e[3];
			live_sent($gone, $e[3]);
			$gone->{left}{$1} = 1
			    if $stream{ $e[1] } =~
			    s/^.*?\nMessage-ID: <([^>]*)>.*?\r\n\.\r\n//si;
		} else {
			act($root, \%open, @e);
		}
	}
	return (scalar keys %tried, scalar @at, @bad);
}

while (my $line = <STDIN>) {
	chomp $line;
	my ($what, $check, $start, $input, @command) = split /\t/, $line;
	next if $only ne '' && $what !~ /$only/;
	my ($bar) = grep { $command[$_] eq '|' } 0 .. $#command;
	%c = (what => $what, check => $check, start => $start, input => $input,
	    command => \@command, sent => 0, held => 0);
	if (defined $bar) {
		$c{reader} = [ @command[ $bar + 1 .. $#command ] ];
		$#command = $bar - 1;
	}
	unlink 'rejects';
	put('boot9', "9\n");
	put('rejects', '') if grep { /^--rejects/ } @command;
	$c{drafts} = () = slurp($input) =~ /\n/g if $check eq 'send';
	whole() if $check ne 'send';
	fresh();
	live_server({});
	$number = 0;
	my $root = from_disk('disk');
	my $log = written(1);
	put('log', $log) if defined $ENV{POWER_KEEP};
	my ($tried, $moments, @bad) = replay($root, $log, { out => '', left => {} }, 1);
	push @bad, 'nothing was written down' if $log !~ /^sync/m;
	push @bad, 'all was held' if $check eq 'send' && $c{sent} == 0;
	$count++;
	$failed += @bad > 0;
	print @bad ? 'not ok' : 'ok', " $count - $what: $tried disks of $moments moments",
	    $check eq 'send' ? ", $c{sent} sent, $c{held} held" : '', "\n";
	print "# ", scalar @bad, " bad\n" if @bad > 8;
	splice @bad, 8 if @bad > 8;
	s/\n(?=.)/\n#   /g, print "# $_\n" for @bad;
}
print "1..$count\n# $runs runs\n";
exit($failed > 0);
