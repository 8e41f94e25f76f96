# An API that is a folder: GET /NAME is ./api/NAME.  Where ./status is there its
# number is answered instead: 304 to who knows something, another one once, with a
# Retry-After of what stands in ./after, at 08:49:36.
use strict;
use warnings;

return sub {
	my ($method, $path, $query, $headers) = @_;
	my $status = now('status', 0);

	return (304, {}, '') if $status == 304 && $headers->{'if-modified-since'};
	if ($status > 304 && once('status')) {
		return ($status, { Date => 'Sun, 06 Nov 1994 08:49:36 GMT',
			'Retry-After' => now('after') }, '');
	}
	open my $f, '<', "api$path" or return (404, {}, 'no such thing');
	local $/;
	return (200, {}, <$f>);
};
