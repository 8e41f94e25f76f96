window.YTD.direct_messages.part0 = [
  {
    "dmConversation" : {
      "conversationId" : "71-72",
      "messages" : [
        {
          "messageCreate" : {
            "recipientId" : "71",
            "reactions" : [ { "senderId" : "71", "reactionKey" : "like", "eventId" : "1501", "createdAt" : "2026-03-02T10:06:00.000Z" }, { "senderId" : "72", "reactionKey" : "like", "eventId" : "1502", "createdAt" : "2026-03-02T10:06:01.000Z" } ],
            "urls" : [ { "url" : "https://t.co/AAA", "expanded" : "https://shop.example/28?a=1&b=2", "display" : "shop.example/28" }, { "url" : "https://t.co/BBB", "expanded" : "https://twitter.com/messages/media/1500", "display" : "pic.twitter.com/BBB" } ],
            "text" : "Is https://t.co/AAA in &amp; open? a &lt; b 😀 https://t.co/BBB",
            "mediaUrls" : [ "https://ton.twitter.com/dm/1500/1499/lamp.jpg" ],
            "senderId" : "72",
            "id" : "1500000000000000001",
            "createdAt" : "2026-03-02T10:05:00.123Z",
            "editHistory" : [ ]
          }
        },
        {
          "messageCreate" : {
            "recipientId" : "72", "reactions" : [ ], "urls" : [ ], "text" : "Until six.", "mediaUrls" : [ ],
            "senderId" : "71", "id" : "1500000000000000002", "createdAt" : "2026-03-02T10:07:00.000Z",
            "editHistory" : [ { "createdAtSec" : "1", "editedText" : "Until 5" } ]
          }
        },
        {
          "welcomeMessageCreate" : {
            "recipientId" : "72", "text" : "Hello, how can we help?", "senderId" : "71", "id" : "1500000000000000003", "createdAt" : "2026-03-02T10:04:00.000Z", "welcomeMessageId" : "9"
          }
        },
        {
          "reactionCreate" : { "senderId" : "72", "reactionKey" : "sad", "eventId" : "1500000000000000002", "createdAt" : "2026-03-02T10:08:00.000Z" }
        },
        { "messageCreate" : { "senderId" : "72", "text" : "its time is in its id", "id" : "1500000000000000004" } },
        { "messageCreate" : { "senderId" : "72", "text" : "without id and time" } }
      ]
    }
  }
]
