window.YTD.direct_message_headers.part0 = [ {
  "dmConversation" : {
    "conversationId" : "71-72",
    "messages" : [ { "messageCreate" : { "id" : "1500000000000000001", "senderId" : "72", "recipientId" : "71", "createdAt" : "2026-03-02T10:05:00.123Z" } } ]
  }
} ]
