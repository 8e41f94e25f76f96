#!/bin/sh
# Shopify's exports, where the folder of samples is there: what each file is
# told to be, every item out, and how many have what an order has.
. "${0%/*}/../lib.sh"
DATA=${KITH_DATA:-$ROOT/../shared/data}/shopify
[ -d "$DATA" ] || {
	echo '1..0 # skip no Shopify samples'
	exit 0
}
DATA=$(cd "$DATA" && pwd)
printf '# %-54s %5s %7s %-7s %5s %5s %5s %4s\n' file items rejects type \
    email total items when

# orders FILE ITEMS TYPE EMAILS TOTALS LINES TIMES
orders() {
	kith-ingest --rejects more "$DATA/$1" >native
	kith-normalize --rejects rejects native >records
	fields=$(jq -r -s '[(map(select(.from.email)) | length),
	    (map(select(.data.total)) | length),
	    (map(.data.items // [] | length) | add),
	    (map(select(.sentAt)) | length)] | map(tostring) | join(" ")' records)
	type=$(jq -r '.source.format + " " + .type' records | sort -u)
	# shellcheck disable=SC2086
	printf '# %-54s %5d %7d %-7s %5d %5d %5d %4d\n' "$1" \
	    "$(wc -l <native)" "$(cat more rejects | wc -l)" "${type#* }" $fields
	is "$1" "$(wc -l <native) $(wc -l <records) $type $fields" \
	    "$2 $2 shopify $3 $4 $5 $6 $7"
}
orders ltv-cohort-kit/shopify_orders.csv 8 order 7 8 9 8
orders shopify_python_api/order.json 1 order 1 1 3 1
orders shopify_python_api/orders.json 1 order 1 1 0 1
orders shopify_python_api/customer.json 1 contact 1 0 0 1
orders shopify_python_api/customer_saved_search_customers.json 1 contact 1 0 0 1
orders shopify_python_api/customers_search.json 1 contact 1 0 0 1
orders shopify_python_api/checkouts.json 1 event 1 1 2 1
orders shopify_python_api/draft_order.json 1 event 1 1 2 1
orders shopify_python_api/draft_order_completed.json 1 event 1 1 2 1
orders shopify_python_api/draft_orders.json 1 event 1 1 2 1

# What is no order and no customer stays rows for --map.
for f in customer_invite customer_saved_search draft_order_invoice events \
    fulfillment fulfillment_event fulfillment_service order_risk order_risks \
    refund; do
	is "$f" "$(kith-ingest "$DATA/shopify_python_api/$f.json" |
	    jq -r .source.format | sort -u)" json
done
is 'money as it is written, times in UTC' "$(kith-ingest \
    "$DATA/ltv-cohort-kit/shopify_orders.csv" | kith-normalize |
    jq -r '.data.total + " " + .sentAt' | sed -n '1p;7p')" \
    '100.00 2025-01-05T15:00:00Z
500.00 2025-04-02T16:00:00Z'
done_testing
