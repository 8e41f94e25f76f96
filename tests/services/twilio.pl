# Twilio's Messages.json, newest first, of ./twilio.json: a list of messages.
# LIMIT is the length of a page; the request whose number is in ./fail breaks.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use Time::Local;

# "Mon, 16 Aug 2010 03:45:01 +0000"
sub seconds {
	my %month;
	@month{qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)} = 0 .. 11;
	$_[0] =~ /(\d+) (\w+) (\d+) (\d+):(\d+):(\d+)/ or die;
	return timegm($6, $5, $4, $1, $month{$2}, $3);
}

sub day {
	$_[0] =~ /^(\d+)-(\d+)-(\d+)$/ or die "a day: $_[0]";
	return timegm(0, 0, 0, $3, $2 - 1, $1);
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my @list = @{ JSON::PP->new->utf8->decode(now('twilio.json')) };
	my $n = $ENV{LIMIT} || 100;
	my $at = $query->{Page}[0] || 0;

	return (401, {}, { code => 20003, message => 'Authenticate' })
	    if ($headers->{authorization} // '') ne
	    'Basic ' . encode_base64('AC00000000000000000000000000000001:secret', '');
	return (404, {}, '') if $path ne '/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json';
	for (['DateSent>', 1], ['DateSent<', -1]) {
		my ($name, $sign) = @$_;
		my $day = $query->{$name} ? day($query->{$name}[0]) : next;
		@list = grep { $sign * (seconds($_->{date_sent}) - $day) >= 0 } @list;
	}
	@list = sort { seconds($b->{date_sent}) <=> seconds($a->{date_sent}) } @list;
	my $next = $at + $n;
	my $rest = join '', map {
		my $name = $_;
		my $value = $query->{$name}[0];
		$name =~ s/([<>])/sprintf '%%%02X', ord $1/e;
		"&$name=$value"
	} grep { /^DateSent/ } sort keys %$query;
	return (200, {}, {
		messages => [grep { defined } @list[$at .. $next - 1]],
		next_page_uri => $next < @list ? "$path?Page=$next$rest" : undef,
	});
};
