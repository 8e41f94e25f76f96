# [native, record] pairs: what a message's own members say of its record, one
# line a figure: name, agreeing, of.
def seconds: split(".") | (.[0] | tonumber | todate | rtrimstr("Z"))
  + (if (.[1] // "0") | test("^0*$") then ""
     else "." + (.[1] | if test("000$") then .[:3] else . end) end) + "Z";
def name_of: first((.profile.display_name?, .display_name?,
    .profile.real_name?, .real_name?, .name?) | strings | select(. != ""))
  // null;
def plain: test("[<*_~`&]") | not;
map(select(.[0].native.message) | .[0].native as $n | .[1] as $r |
  $n.message as $m | ($n.users[$m.user // ""]) as $u |
  { items: true,
    sentAt: ($r.sentAt == ($m.ts | seconds)),
    type: (($r.type == "event") == ($m.subtype == "channel_join")),
    "from.uri": ($r.from.uri | test("[:/]" + $m.user + "$")),
    "from.name": ($r.from.name == (($u | name_of) //
      ($m.user_profile | name_of))),
    to: (($r.to[0].name // null) == ((($n.channel.name // $m.channel_name)
      | strings | "#" + .) // null)),
    messageId: ($r.messageId | endswith("/" + $m.ts)),
    threadId: ($r.threadId | endswith("/" + ($m.thread_ts // $m.ts))),
    inReplyTo: (($r.inReplyTo != null) ==
      (($m.thread_ts // $m.ts) != $m.ts)),
    attachments: ([$r.attachments[]? | [.name, .type, .size]] ==
      [$m.files[]? | [.name, .mimetype, .size]]) }
  + if $m.text | plain then { "text of no marks": ($r.text == $m.text) }
    else {} end)
| [.[] | to_entries[]] | group_by(.key)[]
| [.[0].key, (map(select(.value)) | length), length] | @tsv
