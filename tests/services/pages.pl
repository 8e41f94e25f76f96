# Slack's lists of ./pages.json, {"messages": [...]} the newest first, in pages of
# 200, which are written once: what is measured is who asks.
use strict;
use warnings;
use JSON::PP;

my @list = @{ JSON::PP->new->utf8->decode(now('pages.json'))->{messages} };
my @pages;

while (my @page = splice @list, 0, 200) {
	push @pages, encode_json({ ok => JSON::PP::true, messages => \@page,
		has_more => @list ? JSON::PP::true : JSON::PP::false,
		response_metadata => { next_cursor => @list ? @pages + 1 . '' : '' } });
}

return sub {
	my ($method, $path, $query) = @_;

	return (200, {}, $pages[$query->{cursor}[0] || 0] // '');
};
