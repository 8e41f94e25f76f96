#!/bin/sh
# What is made from the tables of fields and channels: the schema, and the
# manual's lists.
. "${0%/*}/lib.sh"
fields=$BUILD/tests/tools/fields
page=$ROOT/man/kith-record.5

"$fields" schema >schema.json
ok "the schema is JSON" jq -e . schema.json
is "its version" "$(jq -r '."$id"' schema.json)" urn:kith:record:2
is "every member is described" \
	"$(jq '[.properties[] | select(.description | not)] | length' schema.json)" 0
is "addresses share one definition" \
	"$(jq -r '.properties.to.items."$ref"' schema.json)" '#/$defs/address'
is "members of members" \
	"$(jq -r '.properties.ids.items.properties.trust.enum[0]' schema.json)" \
	authenticated
if command -v python3 >/dev/null && python3 -c 'import jsonschema' 2>/dev/null; then
	ok "the schema is a good one" python3 -c '
import json, jsonschema
s = json.load(open("schema.json"))
jsonschema.Draft202012Validator.check_schema(s)
v = jsonschema.Draft202012Validator(s)
v.validate({"id": "m1", "type": "message", "from": {"email": "a@b"}})
assert not v.is_valid({"from": {"tel": "030"}})
assert not v.is_valid({"type": "mail"})
'
fi
# section SECTION WHAT: what the tool WHAT prints is that section of the manual.
# GOLDEN=write puts it in.
section() {
	"$fields" "$2" >table
	if [ "${GOLDEN-}" = write ]; then
		sed "/^\.Sh $1\$/,/^\.Sh /{//!d;}" "$page" |
			sed "/^\.Sh $1\$/r table" >written
		cat written >"$page"
	fi
	sed -n "/^\.Sh $1\$/,/^\.Sh /p" "$page" | sed '1d;$d' >manual
	ok "kith-record(5), $1: build/tests/tools/fields $2" \
		diff -u manual table
}
section FIELDS manual
section CHANNELS channels
kith-normalize --list-channels | sed 's/ .*//' >names
ok "the schema has the channels" \
	test "$(jq -r '.properties.channel.enum[]' schema.json)" = "$(cat names)"
done_testing
