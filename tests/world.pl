#!/usr/bin/perl
# A world of people in rows of several tables, with the errors that people and
# programs make, and traps in which a careless linker joins those who are two.
#	world.pl [--people N] [--traps N] [--seed N] [--errors X] [--truth FILE]
# Writes a table (CSV) and, to FILE, which row is of whom ("id<TAB>person").
# The same options give the same bytes: it has its own random numbers.
use strict;
use warnings;
use Getopt::Long;

my ($people, $traps, $seed, $errors, $truth) = (300, 10, 1, 1, undef);
GetOptions('people=i' => \$people, 'traps=i' => \$traps, 'seed=i' => \$seed,
	'errors=f' => \$errors, 'truth=s' => \$truth) or exit 2;

# xorshift (Marsaglia 2003), 32 bits.
my $x = ($seed * 2654435761 + 88172645) & 0xffffffff || 1;
sub rnd {
	$x ^= ($x << 13) & 0xffffffff;
	$x ^= $x >> 17;
	$x ^= ($x << 5) & 0xffffffff;
	return $x / 4294967296;
}
rnd() for 1 .. 20;
sub pick { return $_[int(rnd() * @_)] }
# The first are the most frequent, as names are.
sub pick_common { return $_[int(rnd() ** 2 * @_)] }
sub chance { return rnd() < $_[0] }

my @female = qw(Mary Anna Sarah Emma Laura Julia Elizabeth Susan Karen Lisa
	Nancy Betty Helen Sandra Donna Carol Ruth Sharon Michelle Maria Kimberly
	Deborah Jessica Amy Angela Melissa Brenda Rebecca Virginia Kathleen Pamela
	Martha Amanda Stephanie Carolyn Christine Marie Janet Catherine Frances
	Ann Joyce Diane Alice Julie Heather Teresa Doris Gloria Evelyn Jean Cheryl
	Mildred Katherine Joan Ashley Judith Rose Janice Kelly Nicole Judy
	Christina Kathy Theresa Beverly Denise Tammy Irene Jane Lori Rachel Marilyn
	Andrea Kathryn Louise Sara Anne Jacqueline Wanda Bonnie Ruby Lois Tina
	Phyllis Norma Paula Diana Annie Lillian Emily Robin Peggy Crystal Gladys
	Rita Dawn Connie Florence Tracy Edna Tiffany Carmen Rosa Cindy Grace);
my @male = qw(James John Robert Michael William David Richard Charles Joseph
	Thomas Christopher Daniel Paul Mark Donald George Kenneth Steven Edward
	Brian Ronald Anthony Kevin Jason Matthew Gary Timothy Jose Larry Jeffrey
	Frank Scott Eric Stephen Andrew Raymond Gregory Joshua Jerry Dennis Walter
	Patrick Peter Harold Douglas Henry Carl Arthur Ryan Roger Joe Juan Jack
	Albert Jonathan Justin Terry Gerald Keith Samuel Willie Ralph Lawrence
	Nicholas Roy Benjamin Bruce Brandon Adam Harry Fred Wayne Billy Steve
	Louis Jeremy Aaron Randy Howard Eugene Carlos Russell Bobby Victor Martin
	Ernest Phillip Todd Jesse Craig Alan Shawn Clarence Sean Philip Chris
	Johnny Earl Jimmy Antonio Danny Bryan Tony Luis Mike Stanley Leonard);
my %nick = qw(Robert Bob William Bill Richard Dick Michael Mike Elizabeth Liz
	James Jim Thomas Tom Susan Sue Katherine Kate Christopher Chris Edward Ed
	Rebecca Becky Deborah Debbie Daniel Dan Joseph Joe Andrew Andy Charles
	Charlie Anthony Tony Kathleen Kathy Patrick Pat Matthew Matt);
my @family = qw(Smith Johnson Williams Jones Brown Davis Miller Wilson Moore
	Taylor Anderson Thomas Jackson White Harris Martin Thompson Garcia Martinez
	Robinson Clark Rodriguez Lewis Lee Walker Hall Allen Young Hernandez King
	Wright Lopez Hill Scott Green Adams Baker Gonzalez Nelson Carter Mitchell
	Perez Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart
	Sanchez Morris Rogers Reed Cook Morgan Bell Murphy Bailey Rivera Cooper
	Richardson Cox Howard Ward Torres Peterson Gray Ramirez James Watson Brooks
	Kelly Sanders Price Bennett Wood Barnes Ross Henderson Coleman Jenkins Perry
	Powell Long Patterson Hughes Flores Washington Butler Simmons Foster);
for my $a (qw(Ash Black Bram Brad Car Chester Clay Dal Den East Fair Gold Hart
	Holl Kirk Lang Lind Marsh Nor Oak Pem Rad Sel Stan Thorn Under Wal West
	Whit Win)) {
	push @family, map { $a . $_ } qw(ley ton ford wood by field well man ham
		worth more berg son den stone brook);
}
my @streets = map { my $a = $_; map { "$a $_" } ('street', 'road', 'avenue',
	'lane', 'close', 'drive') } qw(High Station Main Park Church London Victoria
	Green Manor Kings Queens New Grange Mill School North Albert Springfield West
	George York Alexandra Chester Broad Highfield Windsor Elm Oak Cedar Beech
	Maple Ash Willow Poplar Birch Cherry Hazel Laurel Holly Juniper);
my @cities = qw(Ashton Barford Calder Denby Elland Farnley Gorton Halton Ilkley
	Jarrow Kendal Langley Malton Newby Otley Penrith Quorn Ripley Selby Thirsk
	Ulverston Verwood Whitby Yarm Aylsham Bicester Corby Diss Epsom Frome
	Glossop Hexham Ivybridge Keswick Ludlow Morpeth Nailsea Oakham Poole Redcar);
my @domains = qw(gmail.com gmail.com gmail.com yahoo.com hotmail.com outlook.com
	icloud.com aol.com web.example mail.example post.example);

my $number = 0;
sub phone { return sprintf '0%d%07d', 20 + int(rnd() * 70), int(rnd() * 1e7) }
sub place {
	my $city = int(rnd() ** 1.5 * @cities);
	return (house => 1 + int(rnd() * 180), street => pick(@streets),
		city => $cities[$city],
		postcode => sprintf('%s%d%s', uc substr($cities[$city], 0, 2),
			10 + int(rnd() * 80), pick('A' .. 'H') . pick('J' .. 'P')),
		street2 => chance(.2) ? 'flat ' . (1 + int(rnd() * 40)) : '');
}
my %taken;
sub email {
	my ($p) = @_;
	my ($g, $f) = (lc $p->{given}, lc $p->{family});
	my $local = pick("$g.$f", "$g$f", substr($g, 0, 1) . $f,
		"$f.$g", $g . substr($f, 0, 1), pick(qw(blue red big sunny wild)) .
		pick(qw(fox owl star river rider)));
	$local .= int(rnd() * 100) if chance(.6);
	my $at = pick(@domains);
	$local .= int(rnd() * 10) while $taken{"$local\@$at"}++;
	return "$local\@$at";
}
sub born { return sprintf '%04d-%02d-%02d', 1930 + int(rnd() * 75),
	1 + int(rnd() * 12), 1 + int(rnd() * 28) }
sub person {
	my (%has) = @_;
	my $sex = chance(.5) ? 'f' : 'm';
	my $p = { id => sprintf('p%05d', ++$number), sex => $sex,
		given => pick_common($sex eq 'f' ? @female : @male),
		family => pick_common(@family), born => born(), phone => phone(),
		place(), %has };
	$p->{email} //= email($p);
	return $p;
}

# Errors.
sub typo {
	my ($s) = @_;
	return $s if length $s < 3;
	my $i = int(rnd() * (length($s) - 1));
	my $how = int(rnd() * 4);
	my $letter = pick('a' .. 'z');
	if ($how == 0) { substr($s, $i, 1) = $letter }
	elsif ($how == 1) { substr($s, $i, 1) = '' }
	elsif ($how == 2) { substr($s, $i, 0) = $letter }
	else { substr($s, $i, 2) = reverse substr($s, $i, 2) }
	return $s;
}
sub wrong_digit {
	my ($s) = @_;
	my @at = grep { substr($s, $_, 1) =~ /\d/ } 0 .. length($s) - 1;
	return $s unless @at;
	substr($s, pick(@at), 1) = int(rnd() * 10);
	return $s;
}
sub swap_day {
	my ($s) = @_;
	return $s =~ /^(\d+)-(\d\d)-(\d\d)$/ && $3 <= 12 ? "$1-$3-$2" : $s;
}

# What a table asks for, and how people fill it in.
my %tables = (
	crm => [qw(given family born email phone place gender)],
	shop => [qw(given family email phone place)],
	letter => [qw(name email)],
	desk => [qw(name email phone)],
	app => [qw(given family email born)],
	calls => [qw(given family phone place)],
);
my @columns = qw(id givenName familyName name birthDate email phone house street
	street2 city postcode gender);
my (@rows, @whose);
sub row {
	my ($p, $table) = @_;
	my %asks = map { $_ => 1 } @{$tables{$table}};
	my ($g, $f) = @$p{qw(given family)};
	my %r;
	$g = $nick{$g} if $nick{$g} && chance(.12 * $errors);
	$g = typo($g) if chance(.05 * $errors);
	$f = typo($f) if chance(.05 * $errors);
	$g = substr($g, 0, 1) if $asks{given} && chance(.03 * $errors);
	($g, $f) = ($f, $g) if $asks{given} && chance(.02 * $errors);
	$f .= " $p->{suffix}" if $p->{suffix};
	@r{qw(givenName familyName)} = ($g, $f) if $asks{given};
	$r{name} = chance(.2) ? "$f, $g" : "$g $f" if $asks{name};
	if ($asks{born} && $p->{born} && !chance(.1 * $errors)) {
		$r{birthDate} = $p->{born};
		$r{birthDate} = wrong_digit($r{birthDate}) if chance(.04 * $errors);
		$r{birthDate} = swap_day($r{birthDate}) if chance(.02 * $errors);
	}
	if ($asks{email} && $p->{email} && !chance(.1 * $errors)) {
		$r{email} = $p->{email};
		$r{email} = $p->{email2} //= email($p)
			if !$p->{shared} && chance(.12 * $errors);
		$r{email} = typo($r{email}) if chance(.03 * $errors);
	}
	if ($asks{phone} && $p->{phone} && !chance(.15 * $errors)) {
		$r{phone} = $p->{phone};
		$r{phone} = $p->{phone2} //= phone()
			if !$p->{shared} && chance(.12 * $errors);
		$r{phone} = wrong_digit($r{phone}) if chance(.03 * $errors);
	}
	if ($asks{place} && !chance(.08 * $errors)) {
		my %to = chance(.12 * $errors)
			? %{ $p->{place2} //= { place() } } : %$p;
		$r{$_} = $to{$_} for qw(house street street2 city postcode);
		$r{street} = typo($r{street}) if chance(.05 * $errors);
		$r{city} = typo($r{city}) if chance(.03 * $errors);
		$r{postcode} = wrong_digit($r{postcode}) if chance(.03 * $errors);
		$r{street} =~ s/street/st/ if chance(.1 * $errors);
	}
	$r{gender} = uc $p->{sex} if $asks{gender};
	# A name alone is nobody's row.
	return row($p, $table) unless $r{email} || $r{phone} ||
		($r{birthDate} && $r{street});
	push @rows, \%r;
	push @whose, $p->{id};
}

# Rows of a person: one to six, one a table.
sub rows {
	my ($p, @only) = @_;
	my @t = @only ? @only : sort keys %tables;
	my $n = 1;
	$n++ while $n < @t && chance(.55);
	for my $i (0 .. $n - 1) {
		my $j = $i + int(rnd() * (@t - $i));
		@t[$i, $j] = @t[$j, $i];
		row($p, $t[$i]);
	}
	row($p, $t[0]) if chance(.15);
}

# Traps: those of each have what is shared in common and are different people.
sub trap {
	my ($share, $n, @differ) = @_;
	my $first = person(%$share);
	my %same = (%$first, shared => 1);
	delete @same{'id', 'sex', 'given', 'email2', 'phone2', 'place2', @differ};
	my @all = ($first);
	$first->{shared} = 1;
	while (@all < $n) {
		my $q = person(%same);
		next if grep { $_->{given} eq $q->{given} } @all and
			!grep { $_ eq 'keep' } @differ;
		push @all, $q;
	}
	return @all;
}
for (1 .. $traps) {
	my @t = ([crm => 'shop'], [crm => 'calls'], [shop => 'calls']);
	my ($p, $q);
	# Namesakes: one name, all else another.
	$p = person();
	rows($_) for $p, person(sex => $p->{sex}, given => $p->{given},
		family => $p->{family});
	# A firm's switchboard, a firm's mailbox.
	my $board = phone();
	rows($_, @{pick(@t)}) for map { person(phone => $board, shared => 1) } 1 .. 6;
	my $box = 'info@' . lc(pick(@family)) . $_ . '.example';
	rows($_, 'shop', 'crm') for map { person(email => $box, shared => 1) } 1 .. 3;
	# Twins, with one number.
	rows($_, 'crm', 'shop') for trap({}, 2, 'email');
	# Father and son: one name, one number, no dates.
	my %one = place();
	$p = person(sex => 'm', given => pick_common(@male), born => undef,
		suffix => 'Sr', shared => 1, %one);
	$q = person(%$p, id => undef, suffix => 'Jr', email => undef);
	$q->{id} = sprintf 'p%05d', $number;
	$q->{email} = email($q);
	rows($_, 'calls', 'shop') for $p, $q;
	# Spouses: one address of mail; a number as well; and without dates.
	rows($_, 'crm', 'shop') for trap({}, 2, 'born', 'phone');
	rows($_, 'crm', 'shop') for trap({}, 2, 'born');
	rows($_, 'shop', 'calls') for trap({ born => undef }, 2);
}
rows(person()) while $number < $people;

# In an order that tells nothing, with ids that tell nothing.
my @order = map { $_->[1] } sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] }
	map { [rnd(), $_] } 0 .. $#rows;
my $to;
if (defined $truth) {
	open $to, '>', $truth or die "$truth: $!\n";
	print $to "id\tcluster\n";
}
print join(',', @columns), "\n";
my $n = 0;
for my $i (@order) {
	my $r = $rows[$i];
	$r->{id} = sprintf 'r%07d', ++$n;
	print join(',', map {
		my $v = $r->{$_} // '';
		$v =~ /[",]/ ? '"' . $v =~ s/"/""/gr . '"' : $v;
	} @columns), "\n";
	print $to "$r->{id}\t$whose[$i]\n" if $to;
}
close $to or die if $to;
