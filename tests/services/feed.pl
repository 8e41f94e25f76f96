# A feed, ./feed.xml with its ETag in ./etag; /old leads to it, and /gone is.
use strict;
use warnings;

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $etag = now('etag', '');

	return (410, {}, 'gone') if $path eq '/gone';
	return (301, { Location => "http://$headers->{host}/feed" }, '')
	    if $path eq '/old';
	return (304, { ETag => $etag }, '')
	    if $etag ne '' && ($headers->{'if-none-match'} // '') eq $etag;
	return (200, { $etag eq '' ? () : (ETag => $etag),
		'Last-Modified' => 'Mon, 16 Aug 2010 03:45:01 GMT' }, now('feed.xml', ''));
};
