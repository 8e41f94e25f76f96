#!/bin/sh
# Access logs, where the folder is there: every line is a visit with its time
# and address.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/weblog
[ -d "$DATA" ] || {
	echo '1..0 # skip no access logs'
	exit 0
}
DATA=$(cd "$DATA" && pwd)

log=$DATA/elastic/apache_logs
lines=$(wc -l <"$log")
kith-ingest --rejects rejects "$log" >native
kith-normalize -q --rejects more native >records
is "every line" "$(wc -l <native) $(wc -l <records) $(cat rejects more | wc -l)" \
	"$lines $lines 0"
is "each its own" "$(jq -r .id records | sort -u | wc -l)" "$lines"
is "format" "$(jq -r .source.format native | sort -u)" weblog
jq -r '[.data.ip, .sentAt[0:19], (.data.status | tostring)] | join(" ")' records >got
perl -ne '
	my %m = (May => "05");
	/^(\S+) .*?\[(\d+)\/(\w+)\/(\d+):(\S+) .*?" (\d{3}) / &&
	    print "$1 $4-$m{$3}-$2T$5 $6\n"' "$log" >want
ok "address, time and status" cmp got want
is "a referrer in another charset" \
	"$(jq -r '.data.referrer // empty' records | grep -c '[^ -~]')" \
	"$(grep -c '"http://[^"]*\\x' "$log")"
done_testing
