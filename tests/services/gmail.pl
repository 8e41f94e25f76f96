# The Gmail API: profile, messages.list and .get, history.list, of ./gmail.json:
#	{"historyId": "9", "oldest": 1, "messages": [{"id", "threadId",
#	 "labelIds", "at": 2, "mail": "From: ..."}],
#	 "freed": [{"id": ..., "at": 8, "from": "SPAM"}]}
# at is the number of the history; one that is "gone" is in lists alone.  LIMIT is
# the length of a page; the request whose number is in ./fail breaks, and ./good
# is the token.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;

sub bytes_of {
	my $s = shift;
	utf8::encode($s);
	return $s;
}

sub page {
	my ($query, $name, @list) = @_;
	my $at = $query->{pageToken}[0] || 0;
	my $n = $ENV{LIMIT} || 100;
	my %page = ($name => [grep { defined } @list[$at .. $at + $n - 1]]);
	# As Google: nothing stands for none.
	delete $page{$name} if !@{ $page{$name} };
	$page{nextPageToken} = $at + $n if $at + $n < @list;
	return %page;
}

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $all = JSON::PP->new->utf8->decode(now('gmail.json'));
	my @list = @{ $all->{messages} };
	my %seen;

	return (401, {}, { error => { code => 401 } })
	    if ($headers->{authorization} // '') ne 'Bearer ' . now('good', 'tok');
	if (-e 'busy') {
		unlink 'busy';
		return (403, {}, { error => { code => 403, message => 'slower',
			errors => [{ reason => 'rateLimitExceeded' }] } });
	}
	$path =~ s{^/gmail/v1/users/(me|ann%40x\.example)/}{} or return (404, {}, '');
	return (200, {}, { emailAddress => 'ann@x.example',
		historyId => $all->{historyId} }) if $path eq 'profile';
	if ($path eq 'messages') {
		@list = grep { !grep { /SPAM|TRASH/ } @{ $_->{labelIds} } } @list;
		@list = map { { id => $_->{id}, threadId => $_->{threadId} } }
		    sort { $b->{at} <=> $a->{at} } @list;
		return (200, {}, { page($query, 'messages', @list) });
	}
	if ($path eq 'history') {
		my $from = $query->{startHistoryId}[0];
		return (404, {}, { error => { code => 404 } })
		    if $from < $all->{oldest};
		my @events = map { { id => $_->{at}, messagesAdded => [{
			message => { id => $_->{id}, threadId => $_->{threadId},
			labelIds => $_->{labelIds} } }] } } @list;
		push @events, map { { id => $_->{at}, labelsRemoved => [{
			labelIds => [$_->{from}], message => { id => $_->{id},
			labelIds => ['INBOX'] } }] } } @{ $all->{freed} // [] };
		@events = sort { $a->{id} <=> $b->{id} }
		    grep { $_->{id} > $from } @events;
		return (200, {}, { page($query, 'history', @events),
			historyId => $all->{historyId} });
	}
	my ($id) = $path =~ m{^messages/(\w+)$} or return (404, {}, '');
	return (403, {}, { error => { code => 403, message => 'no scope',
		errors => [{ reason => 'insufficientPermissions' }] } }) if -e 'scope';
	return (429, { 'Retry-After' => 90 }, '') if -e 'slow';
	my ($mail) = grep { $_->{id} eq $id && !$_->{gone} } @list;
	return (404, {}, { error => { code => 404 } }) if !$mail;
	my $raw = encode_base64(bytes_of($mail->{mail}), '');
	$raw =~ tr{+/}{-_};
	return (200, {}, { id => $id, threadId => $mail->{threadId},
		labelIds => $mail->{labelIds}, raw => $raw });
};
