# Discord's API: a server's channels and threads, and messages of channels, of
# ./discord.json: {"channels": [...], "threads": [...], "messages": {"ID": [...]}};
# of a channel without messages there nobody may read.  LIMIT, at most 100, is the
# length of a page.  With ./busy one request is told to wait, with ./rate all say
# that they are the last for a while.
use strict;
use warnings;
use JSON::PP;

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $all = decode_json(now('discord.json'));
	my $rate = -e 'rate'
	    ? { 'X-RateLimit-Remaining' => 0, 'X-RateLimit-Reset-After' => now('rate') }
	    : { 'X-RateLimit-Remaining' => 4, 'X-RateLimit-Reset-After' => '100.5' };

	return (401, {}, { message => '401: Unauthorized', code => 0 })
	    if ($headers->{authorization} // '') ne 'Bot abc'
	    || ($headers->{'user-agent'} // '') !~ /^DiscordBot \(/;
	return (429, {}, { message => 'You are being rate limited.',
		retry_after => 0.25, global => JSON::PP::false })
	    if once('busy');
	return (200, $rate, $all->{channels}) if $path =~ m{/guilds/900/channels$};
	return (200, $rate, { threads => $all->{threads} // [], members => [] })
	    if $path =~ m{/guilds/900/threads/active$};
	my ($id) = $path =~ m{/channels/(\d+)/messages$}
	    or return (404, {}, { message => '404: Not Found', code => 0 });
	my $list = $all->{messages}{$id}
	    or return (403, $rate, { message => 'Missing Access', code => 50001 });
	my $after = $query->{after}[0] // 0;
	my $limit = $query->{limit}[0];
	# Ids are compared as texts of one length.
	my @found = sort { $a->{id} cmp $b->{id} }
	    grep { sprintf('%020s', $_->{id}) gt sprintf('%020s', $after) } @$list;
	splice @found, $limit if @found > $limit;
	return (200, $rate, [reverse @found]);
};
