#!/bin/sh
# kith report vcon over the records of every golden case: what it writes is
# valid by the draft's schema, and gives the same records back.  And so does
# what came in as vCons.
. "${0%/*}/lib.sh"

# What the draft asks of a vCon without signature (draft-ietf-vcon-vcon-core-04,
# section 4, and the schema in its appendix), as a list of faults.
cat >valid.jq <<'JQ'
def index($n): type == "number" and . == floor and . >= 0 and . < $n;
def time: type == "string" and
	test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?(Z|[+-][0-9:]{5})$");
def opt(f): . == null or f;
def text: opt(type == "string");
def content:
	(opt(true) and (.body == null) == (.encoding == null)) and
	(.encoding | opt(IN("none", "json", "base64url"))) and
	(.body == null or .encoding == "json" or (.body | type) == "string") and
	(.url == null) == (.content_hash == null) and
	(.body == null or .url == null) and
	(.mediatype | opt(test("^[a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+")));
def fault($ok; $what): if $ok then empty else $what end;
. as $v | (.parties // [] | length) as $p | (.dialog // [] | length) as $d |
[ fault(.vcon == "0.4.0"; "vcon"),
  fault(.uuid | test("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"); "uuid"),
  fault(.created_at | time; "created_at"),
  fault(.subject | text; "subject"),
  fault(.extensions == ["kith"]; "extensions"),
  fault((.parties | type) == "array"; "parties"),
  (.parties[] | fault(type == "object" and
	all(.tel, .sip, .mailto, .name, .uuid; text); "party")),
  (.dialog[] | . as $x |
	fault(.type | IN("text", "recording", "incomplete", "transfer"); "type"),
	fault(.start | time; "start"),
	fault(.duration | opt(. >= 0); "duration"),
	fault(.parties | opt(type == "array" and all(.[]; index($p))); "parties"),
	fault(content; "content"),
	fault((.type == "incomplete") == (.disposition != null); "disposition"),
	fault(.disposition | opt(IN("no-answer", "congestion", "failed", "busy",
		"hung-up", "voicemail-no-message")); "disposition"),
	fault((.type | IN("incomplete", "transfer") | not) or
		(.body == null and .url == null); "content of \(.type)"),
	fault(.type != "transfer" or .parties == null; "parties of a transfer"),
	fault(.type != "text" or .body == null or .mediatype != null; "mediatype"),
	fault(all(.transferor, .transferee, .transfer_target; opt(index($p))); "transfer"),
	fault(all(.application, .message_id, .filename; text); "texts")),
  (.analysis[] |
	fault((.type | type) == "string" and (.vendor | type) == "string"; "analysis"),
	fault(.dialog | opt(index($d)); "analysis of which dialog"),
	fault(content; "analysis content")),
  (.attachments[] |
	fault(.start | time; "attachment.start"),
	fault((.party | index($p)) and (.dialog | index($d)); "attachment of whom"),
	fault(content; "attachment content")) ] | map("\($v.uuid): \(.)")[]
JQ

# round NAME: records in `records`.
round() {
	kith-report vcon --now 2026-11-01T00:00:00Z records >vcons
	is "$1: valid" "$(jq -rf valid.jq vcons | head -5)" ''
	kith-ingest vcons | kith-normalize -q >again
	for file in records again; do
		jq -cS 'del(.source, .native)' $file | LC_ALL=C sort -u >$file.sorted
	done
	is "$1: gives the same $(wc -l <records.sorted) records" \
	    "$(diff records.sorted again.sorted | head -4)" ''
}
for out in "$TESTS"/golden/normalize/*/out; do
	jq -cR 'fromjson? | select(type == "object" and has("id") and
	    has("channel") and has("source") and
	    # That a signature was good is said by the signature alone.
	    .data.signed.status != "verified")' "$out"
done | jq -cs 'unique_by(.id)[]' >records
round 'golden cases'
kith-ingest "$TESTS/formats/vcon/vcons.jsonl" | kith-normalize -q >records
round 'vCons'
is 'a vCon keeps its uuid' "$(jq -r .uuid vcons | sort)" \
    "$(jq -r .uuid "$TESTS/formats/vcon/vcons.jsonl" | sort)"
# The same without what kith wrote for itself: who, when and what remain.
jq -c 'del(.kith, .extensions) | .dialog[] |= del(.kith)' vcons |
    kith-ingest | kith-normalize -q >again
keep='[.type, .sentAt, .from.tel // .from.email, .text, .data.disposition == "no answer"]'
is 'others read it, too' \
    "$(jq -c "select(.data.subtype != \"vcon\") | $keep" again | sort)" \
    "$(jq -c "select(.data.subtype != \"vcon\") | $keep" records | sort)"
done_testing
