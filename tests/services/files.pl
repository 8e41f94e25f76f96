# An API that is a folder: GET /NAME is ./api/NAME.
use strict;
use warnings;

return sub {
	my ($method, $path) = @_;

	open my $f, '<', "api$path" or return (404, {}, 'no such thing');
	local $/;
	return (200, {}, <$f>);
};
