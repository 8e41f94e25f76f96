window.YTD.direct_messages_group.part0 = [ {
  "dmConversation" : {
    "conversationId" : "900",
    "messages" : [
      { "joinConversation" : { "initiatingUserId" : "72", "participantsSnapshot" : [ "71", "72", "73" ], "createdAt" : "2026-03-01T08:00:00.000Z" } },
      { "conversationNameUpdate" : { "initiatingUserId" : "72", "name" : "Riders", "createdAt" : "2026-03-01T08:01:00.000Z" } },
      { "messageCreate" : { "reactions" : [ ], "urls" : [ ], "text" : "Sunday?", "mediaUrls" : [ ], "senderId" : "73", "id" : "1490000000000000001", "createdAt" : "2026-03-01T08:02:00.000Z" } },
      { "participantsJoin" : { "initiatingUserId" : "72", "userIds" : [ "74", "75" ], "createdAt" : "2026-03-01T08:03:00.000Z" } },
      { "participantsLeave" : { "userIds" : [ "75" ], "createdAt" : "2026-03-01T08:04:00.000Z" } }
    ]
  }
} ]
