#!/bin/sh
# The n-th call of malloc, write, read, open, fsync, mmap, ... fails, or the disk
# is full, for each tool and mode: never a wrong output with a good exit code, never a signal.
# Here a few of them, of some modes: tests/torture/nth-long.sh takes all.
# NTH_ONLY=REGEX and NTH_KINDS="malloc ..." take some of it.
. "${0%/*}/../lib.sh"
NTH_FIRST=${NTH_FIRST:-2}
NTH_STEP=${NTH_STEP:-*40}
few='^(ingest of a folder|normalize --map|normalize without a worker|identify|merge -S|route -S|reply)$'
NTH_ONLY=${NTH_ONLY:-$few}
KITH_NOW=2026-03-05T12:00:00Z
export KITH_NOW NTH_FIRST NTH_STEP NTH_ONLY
[ -z "${KITH_SANITIZED-}" ] || {
	echo "1..0 # SKIP sanitizers have a malloc of their own"
	exit 0
}
cp -R "$TESTS/demo/." .
kith ingest support.mbox slack-export >native 2>/dev/null
kith normalize -C kith.yaml native >messages
kith identify -C kith.yaml messages >identified
kith merge -S st identified >merged
kith recall merged >known
kith route -r rules.yaml known >routed
kith reply -C kith.yaml --draft ack --now 2026-03-04T12:00:00Z routed >drafts
kith route -S st -r rules.yaml known >/dev/null
tar -czf export.tgz slack-export
gzip -k native
printf '\357\273\277name,email,note\nAna,ana@riba.example,fine\nEva,x' >table
iconv -f UTF-8 -t UTF-16 table >table.csv
cat >map.jq <<'END'
{id: .source.at, channel: "form", text: "x"}
END
cp "$TESTS/formats/imessage/chat.db" .
mkdir empty
long=$(printf 'so it was %.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)
long="$long $long $long $long $long $long $long"
someone=$(sed -n 's/.*"person":"\([^"]*\)".*/\1/p' merged | head -n 1)
conversation=$(sed -n 's/.*"conversation":"\([^"]*\)".*/\1/p' merged | head -n 1)
message=$(sed -n 's/^{"id":"\([^"]*\)".*/\1/p' known | head -n 1)

ALL="malloc write read open mmap stat name close poll"
DISK="$ALL sync truncate lock full"
# mode WHAT KINDS STATE INPUT COMMAND...
mode() {
	(IFS='	'; printf '%s\n' "$*") >>modes
}
mode "ingest" "$ALL" "" "" kith-ingest -v support.mbox
mode "ingest of a pipe" "$ALL" "" support.mbox kith-ingest -v
mode "ingest of a folder" "$ALL" "" "" kith-ingest -v slack-export
mode "ingest of an archive" "$ALL" "" "" kith-ingest -v export.tgz
mode "ingest of a table in UTF-16" "$ALL" "" "" kith-ingest -v table.csv
mode "ingest of Outlook's mail" "$ALL" "" "" kith-ingest -v "$TESTS/formats/msg/offer.msg"
[ -z "$(command -v readpst)" ] ||
	mode "ingest of Outlook's mailbox" "$DISK" "" "" kith-ingest -v "$TESTS/formats/pst/old.pst"
mode "ingest of a database" "$ALL" "" "" kith-ingest -v chat.db
mode "ingest of a database by a pipe" "$DISK" "" chat.db kith-ingest -v
mode "ingest --rejects" "$ALL" "" "" kith-ingest --rejects r -v map.jq
mode "normalize" "$ALL" "" "" kith-normalize -C kith.yaml native
mode "normalize without a worker" "$ALL" "" "" kith-normalize --sandbox=off -C kith.yaml native
mode "normalize of what is compressed" "$ALL" "" "" kith-normalize -C kith.yaml native.gz
mode "normalize --map" "$ALL" "" "" kith-normalize --map map.jq native
mode "identify" "$ALL" "" messages kith-identify -C kith.yaml
mode "identify --verify -S" "$DISK" empty messages kith-identify -C kith.yaml --verify --resolver 127.0.0.1:1 -S work
mode "merge" "$ALL" "" "" kith-merge identified
mode "merge --follow" "$ALL" "" identified kith-merge --follow
mode "merge -S" "$DISK" empty "" kith-merge -S work identified
mode "merge -S, what it knows" "$DISK" st "" kith-merge -S work identified
mode "merge --follow -S" "$DISK" empty identified kith-merge --follow -S work
mode "merge --explain" "$ALL" "" "" kith-merge --explain "$someone" "$someone" identified
mode "recall" "$ALL" "" "" kith-recall merged
mode "recall -S" "$DISK" st "" kith-recall -S work merged
mode "recall -S WHO" "$DISK" st "" kith-recall -S work "$someone"
mode "route" "$ALL" "" "" kith-route -r rules.yaml known
mode "route -S" "$DISK" empty "" kith-route -r rules.yaml -S work known
mode "route --act -S" "$DISK" st "" kith-route -S work --act "done" "$conversation" --note "$long"
mode "route --check" "$ALL" "" "" kith-route -r rules.yaml --check
mode "route --explain" "$ALL" "" "" kith-route -r rules.yaml --explain "$message" known
mode "reply --draft" "$ALL" "" "" kith-reply -C kith.yaml --draft ack --now 2026-03-04T12:00:00Z routed
mode "reply" "$ALL" "" "" kith-reply -C kith.yaml drafts
mode "reply --status" "$DISK" st "" kith-reply -C kith.yaml -S work --status
mode "report" "$ALL" "" "" kith-report summary routed
mode "report -f html" "$ALL" "" "" kith-report -f html summary,channels routed
mode "report -r" "$ALL" "" "" kith-report -r rules.yaml sla routed
mode "report timeline" "$ALL" "" "" kith-report timeline "$someone" routed
mode "report diff" "$ALL" "" "" kith-report diff routed routed
# shellcheck source=../api.sh
. "$TESTS/api.sh"
echo xoxb-1 >token
cat >slack.json <<'END'
{"channels": [], "messages": {"C1": [{"type": "message", "user": "U1",
 "text": "a", "ts": "1700000001.000100"}]}}
END
api_start slack
cat >api.yaml <<END
sources:
  api: {service: slack, tokenFile: token, url: "$API/api", places: [C1]}
END
mode "a poll of a service" "${DISK#malloc }" empty "" kith-ingest -C api.yaml -S work @api
perl "$TESTS/torture/nth.pl" "$BUILD/tests/tools/nth.so" <modes
