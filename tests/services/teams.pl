# Chats and channels by Microsoft Graph, of ./teams.json:
#	{"chats": {"19:a@thread.v2": [MESSAGE...]},
#	 "teams": {"T1": {"19:c@thread.tacv2": [MESSAGE with "replies"...]}}}
# LIMIT is the length of a page; the request whose number is in ./fail breaks.
use strict;
use warnings;
use JSON::PP;

# When it, or a reply to it, was changed last.
sub changed {
	return (sort map { $_->{lastModifiedDateTime} } $_[0],
		@{ $_[0]{replies} // [] })[-1];
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $all = JSON::PP->new->utf8->decode(now('teams.json'));
	my $n = $ENV{LIMIT} || 100;
	my $at = $query->{'$skiptoken'}[0] || 0;
	my $here = "http://$headers->{host}$path";
	my @list;

	return (401, {}, '') if ($headers->{authorization} // '') ne 'Bearer tok';
	$path =~ s{^/v1\.0/}{} or return (404, {}, '');
	$path =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	if ($path eq 'me/chats') {
		@list = map { { id => $_ } } sort keys %{ $all->{chats} };
	} elsif ($path eq 'me/joinedTeams') {
		@list = map { { id => $_ } } sort keys %{ $all->{teams} };
	} elsif ($path =~ m{^teams/([^/]+)/channels$}) {
		@list = map { { id => $_ } } sort keys %{ $all->{teams}{$1} };
	} elsif ($path =~ m{^teams/([^/]+)/channels/([^/]+)/messages$}) {
		return (400, {}, '') if grep { !/^\$(top|expand|skiptoken)$/ } keys %$query;
		@list = sort { changed($b) cmp changed($a) } @{ $all->{teams}{$1}{$2} };
	} elsif ($path =~ m{^chats/([^/]+)/messages$}) {
		my $filter = $query->{'$filter'}[0] // '';
		@list = sort { changed($b) cmp changed($a) } @{ $all->{chats}{$1} };
		if ($filter =~ /lastModifiedDateTime gt (\S+)/) {
			my $from = $1;
			@list = grep { changed($_) gt $from } @list;
		}
		if ($filter =~ /lastModifiedDateTime lt (\S+)/) {
			my $to = $1;
			@list = grep { changed($_) lt $to } @list;
		}
	} else {
		return (404, {}, '');
	}
	my %page = (value => [grep { defined } @list[$at .. $at + $n - 1]]);
	$at += $n;
	# It has all that was asked in its token.
	my $rest = $query->{'$filter'} ? '&$filter=' . $query->{'$filter'}[0] : '';
	$rest =~ s/ /%20/g;
	$page{'@odata.nextLink'} = "$here?\$skiptoken=$at$rest" if $at < @list;
	return (200, {}, \%page);
};
