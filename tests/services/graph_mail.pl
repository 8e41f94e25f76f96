# Mails by Microsoft Graph, of ./graph.json:
#	{"folders": [{"id", "parentFolderId"}], "junk": "J", "deleted": "D",
#	 "oldest": 0, "messages": [{"id", "in": "F", "at": 2, "isDraft", "gone",
#	 "mail": "From: ..."}]}
# at is the number of the change; of one that is "gone" a folder says @removed.
# LIMIT is the length of a page; the request whose number is in ./fail breaks,
# ./good is the token, and ./only what is known of deleted items.
use strict;
use warnings;
use JSON::PP;

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $all = JSON::PP->new->utf8->decode(now('graph.json'));
	my $n = $ENV{LIMIT} || 100;
	my $here = "http://$headers->{host}$path";

	return (401, {}, { error => { code => 'InvalidAuthenticationToken' } })
	    if ($headers->{authorization} // '') ne 'Bearer ' . now('good', 'tok');
	return (400, {}, { error => { code => 'ids would change' } })
	    if ($headers->{prefer} // '') !~ /IdType="ImmutableId"/;
	$path =~ s{^/v1\.0/(me|users/desk%40x\.example)/}{} or return (404, {}, '');
	return (200, {}, now('only')) if -e 'only' && $path =~ /deleteditems$/;
	return (200, {}, { id => $all->{junk} }) if $path eq 'mailFolders/junkemail';
	return (200, {}, { id => $all->{deleted} })
	    if $path eq 'mailFolders/deleteditems';
	if ($path eq 'mailFolders/delta') {
		my $at = $query->{'$skiptoken'}[0] || 0;
		my @list = @{ $all->{folders} };
		my %page = (value => [grep { defined } @list[$at .. $at + $n - 1]]);
		$at += $n;
		$page{'@odata.nextLink'} = "$here?\$skiptoken=$at" if $at < @list;
		$page{'@odata.deltaLink'} = "$here?\$deltatoken=1" if $at >= @list;
		return (200, {}, \%page);
	}
	if ($path =~ m{^mailFolders/([^/]+)/messages/delta$}) {
		my $folder = $1;
		my $known = exists $query->{'$deltatoken'};
		my $at = ($query->{'$skiptoken'} // $query->{'$deltatoken'}
		    // [0])->[0];
		return (410, {}, { error => { code => 'syncStateNotFound' } })
		    if $known && $at < $all->{oldest};
		my @list = sort { $a->{at} <=> $b->{at} }
		    grep { $_->{in} eq $folder && $_->{at} > $at }
		    @{ $all->{messages} };
		my $more = @list > $n;
		@list = @list[0 .. $n - 1] if $more;
		my %page = (value => [map {
			$_->{gone} && $known
			    ? { id => $_->{id}, '@removed' => { reason => 'deleted' } }
			    : { id => $_->{id}, isDraft => $_->{isDraft} // JSON::PP::false }
		} @list]);
		$at = $list[-1]{at} if @list;
		my $kind = $more ? 'next' : 'delta';
		$page{"\@odata.${kind}Link"} =
		    "$here?\$" . ($more ? 'skip' : 'delta') . "token=$at";
		return (200, {}, \%page);
	}
	my ($id) = $path =~ m{^messages/([^/]+)/\$value$} or return (404, {}, '');
	$id =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	my ($mail) = grep { $_->{id} eq $id && !$_->{gone} } @{ $all->{messages} };
	return $mail ? (200, { 'Content-Type' => 'text/plain' }, $mail->{mail})
	    : (404, {}, { error => { code => 'ErrorItemNotFound' } });
};
