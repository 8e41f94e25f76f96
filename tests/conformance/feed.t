#!/bin/sh
# feedparser's files, where the folder is there: what each of them expects of
# its entries, their title, link, author, date, summary, content and id.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/feeds/feedparser
[ -d "$DATA" ] || {
	echo '1..0 # skip no samples of feeds'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
find "$DATA" -name '*.xml' -o -name '*.json' | LC_ALL=C sort >files
# Seven are in UTF-32, and one is empty.
xargs kith-ingest -q --rejects unread <files >native 2>err
kith-normalize -q native >records 2>>err
is 'all of them are feeds' "$(jq -r .source.format native | sort -u)" feed
is 'which files are not' "$(jq -r .source.file unread | sed 's,.*/,,; s/[-_.].*//' |
    sort | uniq -c | sed 's/^ *//' | tr '\n' ' ')" '1 rss 7 utf '
xargs perl "$TESTS/conformance/feed.pl" records <files >results
ok=$(grep -c '^ok' results)
all=$(grep -c '^\(not \)\{0,1\}ok' results)
printf '# %s of %s expectations of entries; %s of other things\n' "$ok" \
    "$all" "$(grep -c ^other results)"
grep '^not ok' results | sed 's/^not ok/#/'
# An entity of the file's own, and a charset that nobody can guess.
is 'which do not come true' "$(grep '^not ok' results |
    sed 's/^not ok \([^:]*\):.*/\1/' | tr '\n' ' ')" \
    'encoding/bozo_linenoise.xml wellformed/rss/entity_in_doctype.xml '
done_testing
