#!/usr/bin/perl
# Compares what kith made of mail samples with what stands beside them.
#	mail.pl FOLDER RECORDS REJECTS
#	mail.pl --make FOLDER
# FOLDER holds the samples, RECORDS and REJECTS are the output of ingest and
# normalize over them.  --make writes mails for the header tables, as native
# records for normalize.  Prints a table "FIGURE GOOD OF" and, behind "#", each
# field that differs.
use strict;
use warnings;
use Encode ();
use JSON::PP;
use Time::Local qw(timegm_modern);
binmode STDOUT, ':encoding(UTF-8)';

my $make = @ARGV && $ARGV[0] eq '--make' ? shift @ARGV : undef;
my ($folder, $records, $rejects) = @ARGV;
my $json = JSON::PP->new->utf8;
my $tables = "$folder/mail-parser/header-tables";
my %field_of = (address => 'To', date => 'Date', id => 'References',
	received => 'Received', unstructured => 'Subject');
my (%seen, %record, %good, %all, @order);

sub slurp {
	my ($path) = @_;
	open my $f, '<:raw', $path or die "$path: $!\n";
	local $/;
	return <$f>;
}

sub lines {
	my ($path) = @_;
	return map { $json->decode($_) } grep { /\S/ } split /\n/, slurp($path);
}

sub figure {
	my ($name, $ok, $what) = @_;
	push @order, $name unless exists $all{$name};
	$all{$name}++;
	$good{$name} += $ok ? 1 : 0;
	print "# $name: $what\n" unless $ok;
}

sub short {
	my ($s) = @_;
	return 'absent' unless defined $s;
	$s = ref $s ? $json->canonical->encode($s) : $s;
	utf8::decode($s) if !utf8::is_utf8($s);
	$s =~ s/[^\x20-\x{10ffff}]/./g;
	return length $s > 90 ? substr($s, 0, 90) . '...' : $s;
}

# Where the expectation gave up on a character (U+FFFD), any will do.
sub same {
	my ($got, $want) = @_;
	return 0 unless defined $got && defined $want;
	return 1 if $got eq $want;
	return 0 unless $want =~ /\x{fffd}/;
	my $re = join '.{1,4}', map { quotemeta } split /\x{fffd}+/, $want, -1;
	return $got =~ /^$re$/s;
}

sub compare {
	my ($name, $file, $got, $want) = @_;
	my $same = !defined $got && !defined $want || same($got, $want);
	figure($name, $same,
	    "$file: got \"" . short($got) . '", want "' . short($want) . '"');
}

sub table {
	return @{ $json->decode(slurp("$tables/$_[0].json")) };
}

if ($make) {
	binmode STDOUT, ':raw';
	for my $name (sort keys %field_of) {
		my $at = 0;
		for my $row (table($name)) {
			(my $value = $row->{header}) =~ s/\n+$//;
			print $json->canonical->encode({
				source => { format => 'mail',
					file => "table $name", at => "$at" },
				native => { text =>
				    "$field_of{$name}: $value\nFrom: a\@b.example\n\n$name\n" },
			}), "\n";
			$at++;
		}
	}
	exit 0;
}

for my $r (lines($records)) {
	my $file = $r->{source}{file};
	push @{ $record{$file} }, $r;
	$seen{$file}++;
}
# A reject of ingest names the file, one of normalize the line.
for my $r (lines($rejects)) {
	my $line = eval { $json->decode(Encode::encode_utf8($r->{line} // '')) };
	$seen{ ($line // $r)->{source}{file} // '' }++;
}

sub squeeze {
	my ($s) = @_;
	return undef unless defined $s;
	$s =~ s/[\s\x00]+/ /g;
	$s =~ s/^ | $//g;
	return $s;
}

# Files within a text (uuencode) are attachments to kith; the parsers leave
# them.  Returns how many there are.
sub cut_files {
	return 0 unless defined $_[0];
	return $_[0] =~ s/^begin [0-7]{3,4} \S.*\n(?:[!-`].*\n)+?`?\s*(?:end\n?|\z)//mg || 0;
}

# Lines that flow (RFC 3676) are one to kith.
sub flows {
	my ($file) = @_;
	my ($path) = grep { -e } "$folder/$file.eml", "$folder/$file.msg";
	return $path && slurp($path) =~ /format\s*=\s*"?flowed/i;
}

sub words {
	return join ' ', sort split / /, squeeze(join ' ', @_);
}

# A body as the set of its lines: kith parts it into text, quoted, signature.
sub body_lines {
	return join "\n",
	    sort grep { length } map { squeeze($_) } map { split /\n/ } @_;
}

sub address_text {
	my ($name, $email) = @_;
	return squeeze(($name // '') . ' <' . ($email // '') . '>');
}

# mail-parser: groups flattened; a name without an address is kept.
sub expected_addresses {
	my ($v) = @_;
	my $a = ref $v eq 'HASH' ? $v->{Address} // $v : undef;
	return '' unless ref $a eq 'HASH';
	my @list = @{ $a->{List} // [] };
	push @list, @{ $_->{addresses} // [] } for @{ $a->{Group} // [] };
	return join ', ', map { address_text($_->{name}, $_->{address}) }
	    grep { defined $_->{name} || defined $_->{address} } @list;
}

sub got_addresses {
	return join ', ',
	    map { address_text($_->{name}, $_->{email}) } grep { defined } @_;
}

sub expected_time {
	my ($d) = @_;
	return undef unless ref $d eq 'HASH' && $d->{month} && $d->{day};
	my $t = eval {
		timegm_modern($d->{second}, $d->{minute}, $d->{hour},
		    $d->{day}, $d->{month} - 1, $d->{year});
	};
	return undef unless defined $t;
	my $off = $d->{tz_hour} * 3600 + $d->{tz_minute} * 60;
	$t += $d->{tz_before_gmt} ? $off : -$off;
	my @g = gmtime $t;
	return sprintf '%04d-%02d-%02dT%02d:%02d:%02dZ', $g[5] + 1900,
	    $g[4] + 1, @g[3, 2, 1, 0];
}

sub header {
	my ($part, $name) = @_;
	my @h = grep { !ref $_->{name} && $_->{name} eq $name }
	    @{ $part->{headers} };
	return @h ? $h[0]{value} : undef;
}

sub text_parts {
	my ($want) = @_;
	my (@plain, $html);
	for my $i (@{ $want->{text_body} }) {
		my $body = $want->{parts}[$i]{body};
		$html = 1 unless ref $body eq 'HASH' && defined $body->{Text};
		push @plain, $body->{Text} if ref $body eq 'HASH';
	}
	return $html ? () : grep { defined } @plain;
}

sub mail_parser {
	my ($file, $want, $r) = @_;
	my $top = $want->{parts}[0];
	my $subject = header($top, 'subject');
	my @texts = text_parts($want);

	compare('subject', $file, squeeze($r->{subject}) || undef,
	    squeeze(ref $subject eq 'HASH' ? $subject->{Text} : undef)
		|| undef);
	my $date = header($top, 'date');
	compare('date', $file, $r->{sentAt},
	    expected_time(ref $date eq 'HASH' ? $date->{DateTime} : undef));
	compare('from', $file, got_addresses($r->{from}),
	    expected_addresses(header($top, 'from')));
	compare($_, $file, got_addresses(@{ $r->{$_} // [] }),
	    expected_addresses(header($top, $_))) for 'to', 'cc';
	return unless @texts;
	cut_files($_) for @texts;
	my @parts = grep { defined } @$r{qw(text quoted signature)};
	my $got = body_lines(@parts);
	my %got = map { $_ => 1 } split /\n/, $got;
	my $all = squeeze(join ' ', @parts);
	my @lost = grep { !/\x{fffd}/ && !$got{$_} && index($all, $_) < 0 }
	    split /\n/, body_lines(@texts);
	figure('text found', !@lost,
	    "$file: not there: \"" . short($lost[0]) . '"');
	if (flows($file)) {
		s/^>[> ]*//mg for @parts, @texts;
		compare('text equal', $file, words(@parts), words(@texts));
		return;
	}
	compare('text equal', $file, $got, body_lines(@texts));
}

# mime4j: what stands in the XML, as a tree of messages, multiparts, leaves.
sub leaves {
	my ($xml) = @_;
	my (@leaves, %fields, $depth);
	$depth = -1;
	while ($xml =~ m{<(/?)([a-z-]+)(?:\s+name="([^"]*)")?\s*/?>([^<]*)}g) {
		my ($end, $tag, $name, $text) = ($1, $2, $3, $4);
		if ($tag eq 'message') {
			$depth += $end ? -1 : 1;
			push @leaves, { message => 1 }
			    if !$end && $depth == 1;
		} elsif ($tag eq 'header' && !$end) {
			%fields = ();
		} elsif ($tag eq 'field' && !$end) {
			$text =~ s/&lt;/</g;
			$text =~ s/&gt;/>/g;
			$text =~ s/&quot;/"/g;
			$text =~ s/&amp;/&/g;
			$fields{lc $1} //= $2 if $text =~ /^\s*([^:\s]+)\s*:(.*)/s;
		} elsif ($tag =~ /^(text|binary)-body$/ && !$end && !$depth) {
			push @leaves, { %fields, file => $name, kind => $1 };
		}
	}
	return @leaves;
}

sub mime4j {
	my ($file, $dir, $xml, $r) = @_;
	my ($leaf, $files, @text, @sizes) = (0, 0);
	for my $l (leaves($xml)) {
		my $type = $l->{'content-type'} // 'text/plain';
		my $name = $leaf++ && ($type =~ /name\s*=/i
			|| ($l->{'content-disposition'} // '') =~ /name/i);
		my $attached =
		    ($l->{'content-disposition'} // '') =~ /^\s*attachment/i;
		if ($l->{message} || $attached || $name
			|| $type !~ m{^\s*text/(?:plain|html)\b}i) {
			$files++;
			push @sizes, -s "$dir/$l->{file}"
			    if ($l->{kind} // '') eq 'binary';
		} elsif ($type =~ m{text/plain}i) {
			push @text, slurp("$dir/$l->{file}");
			$files += cut_files($text[-1]);
		}
	}
	compare('mime4j files', $file, scalar @{ $r->{attachments} // [] },
	    $files);
	my %size = map { $_->{size} => 1 } @{ $r->{attachments} // [] };
	compare('mime4j sizes', $file,
	    join(' ', grep { $size{$_} } @sizes), join(' ', @sizes))
	    if @sizes;
	my %line = map { squeeze($_) => 1 }
	    map { split /\n/ } grep { defined } @$r{qw(text quoted signature)};
	my @lost = grep { length && !/[^\x20-\x7e]/ && !$line{$_} }
	    map { squeeze($_) } map { split /\n/ } @text;
	figure('mime4j text', !@lost,
	    "$file: not there: \"" . short($lost[0]) . '"') if @text;
}

# The header tables: one field each.
for my $name (sort keys %field_of) {
	my %by_at = map { $_->{source}{at} => $_ }
	    @{ $record{"table $name"} // [] };
	my @rows = -e "$tables/$name.json" ? table($name) : ();
	for my $at (0 .. $#rows) {
		my ($r, $want) = ($by_at{$at} // {}, $rows[$at]{expected});
		my $place = "$name $at " . short($rows[$at]{header});
		if ($name eq 'address') {
			compare('table address', $place,
			    got_addresses(@{ $r->{to} // [] }),
			    expected_addresses($want));
		} elsif ($name eq 'date') {
			compare('table date', $place, $r->{sentAt},
			    expected_time($want));
		} elsif ($name eq 'received') {
			compare('table received', $place, $r->{receivedAt},
			    expected_time($want->{date}));
		} elsif ($name eq 'id') {
			compare('table id', $place,
			    join(' ', @{ $r->{references} // [] }),
			    join(' ', ref $want ? @$want : $want // ''));
		} else {
			compare('table text', $place, squeeze($r->{subject}),
			    squeeze($want));
		}
	}
}

for my $file (sort split /\n/, `find '$folder' -name '*.eml' -o -name '*.msg'`) {
	my ($base) = $file =~ m{^\Q$folder\E/(.*)\.\w+$};
	(my $beside = $file) =~ s/\.\w+$/.json/;
	(my $decoded = $file) =~ s/\.\w+$/_decoded.xml/;
	figure('accounted', $seen{$file}, "$file: neither out nor rejected");
	figure('read', $record{$file}, "$base: rejected");
	my $r = $record{$file} ? $record{$file}[0] : {};
	mail_parser($base, $json->decode(slurp($beside)), $r)
	    if -e $beside && $record{$file};
	mime4j($base, $file =~ m{^(.*)/}, slurp($decoded), $r)
	    if -e $decoded && $record{$file};
}
for my $name (qw(subject date from to cc), 'text found') {
	$good{all} += $good{$name} // 0;
	$all{all} += $all{$name} // 0;
}
push @order, 'all' if $all{all};
printf "%-14s %5d %5d %6.1f\n", $_, $good{$_}, $all{$_},
    100 * $good{$_} / $all{$_} for @order;
