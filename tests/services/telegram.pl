# Telegram's Bot API: getUpdates of ./updates.json, a list, of which those below
# the offset that is asked for are gone for good (./gone has the largest that was
# so confirmed).  LIMIT is the length of a page.  With ./webhook one is set, with
# ./other somebody else asks.
use strict;
use warnings;
use JSON::PP;

sub refused {
	my ($code, $why, %more) = @_;
	return ($code, {}, { ok => JSON::PP::false, error_code => $code,
		description => $why, %more });
}

return sub {
	my ($method, $path, $query) = @_;

	return refused(401, 'Unauthorized') if $path !~ m{^/bot7:abc/};
	return refused(404, 'Not Found') if $path !~ m{/getUpdates$};
	return refused(409, 'Conflict: can\'t use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first')
	    if -e 'webhook';
	return refused(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running')
	    if -e 'other';
	return refused(429, 'Too Many Requests: retry after 1',
		parameters => { retry_after => now('busy.was') + 0 })
	    if once('busy');
	my %wanted = map { $_ => 1 } @{ decode_json($query->{allowed_updates}[0]) };
	my $offset = $query->{offset}[0] // 0;
	my @all = sort { $a->{update_id} <=> $b->{update_id} }
	    @{ decode_json(now('updates.json')) };
	# An offset that is far in the future is of other numbers.
	my $known = !@all || $offset <= $all[-1]{update_id} + 10;
	put('gone', $known ? $offset - 1 : 0) if $offset;
	my $gone = now('gone', 0);
	@all = grep { $_->{update_id} > $gone } @all;
	@all = grep { my $u = $_; grep { $wanted{$_} } keys %$u } @all;
	my $n = $ENV{LIMIT} || 100;
	splice @all, $n if @all > $n;
	return (200, {}, { ok => JSON::PP::true, result => \@all });
};
