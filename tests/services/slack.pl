# Slack's Web API: conversations.list, .history and .replies, newest first, of
# the messages in ./slack.json: {"channels": [...], "messages": {"C1": [...]}}.
# A channel without messages there is nobody's to read.  LIMIT is the length of a
# page; with ./busy one request is told to wait, as many seconds as it says, with
# ./expired that its token is too old, for which /token gives another.
use strict;
use warnings;
use JSON::PP;

sub page {
	my ($query, $name, @list) = @_;
	my $at = $query->{cursor}[0] || 0;
	my $n = $ENV{LIMIT} || 100;
	my $next = $at + $n < @list ? $at + $n : '';
	return {
		ok => JSON::PP::true,
		$name => [grep { defined } @list[$at .. $at + $n - 1]],
		has_more => $next ? JSON::PP::true : JSON::PP::false,
		response_metadata => { next_cursor => "$next" },
	};
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $all = JSON::PP->new->decode(now('slack.json'));

	return (200, {}, { access_token => 'xoxb-1', expires_in => 3600 })
	    if $path =~ m{/token$};
	return (401, { Connection => 'close' }, { ok => JSON::PP::false, error => 'token_expired' })
	    if once('expired');
	return (200, {}, { ok => JSON::PP::false, error => 'invalid_auth' })
	    if ($headers->{authorization} // '') ne 'Bearer xoxb-1';
	my $wait = now('busy', '') =~ /(\d+)/ ? $1 : 1;
	return (429, { 'Retry-After' => $wait }, '') if once('busy');
	return (200, {}, page($query, 'channels', @{ $all->{channels} }))
	    if $path =~ /conversations\.list$/;
	my $list = $all->{messages}{ $query->{channel}[0] }
	    or return (403, {}, 'Not yours');
	my @list = @$list;
	my $oldest = $query->{oldest}[0] // 0;
	my $latest = $query->{latest}[0] // 9e9;
	@list = grep { $_->{ts} >= $oldest && $_->{ts} <= $latest } @list
	    if $path =~ /history/;
	if ($path =~ /history/) {
		@list = grep { !$_->{thread_ts} || $_->{thread_ts} eq $_->{ts} } @list;
		@list = sort { $b->{ts} <=> $a->{ts} } @list;
	} else {
		my $ts = $query->{ts}[0];
		@list = grep {
			($_->{thread_ts} // $_->{ts}) eq $ts
			    && ($_->{ts} eq $ts || $_->{ts} >= $oldest)
		} @list;
		@list = sort { $a->{ts} <=> $b->{ts} } @list;
	}
	return (200, {}, page($query, 'messages', @list));
};
