#!/bin/sh
# Story 8 in Turkish, in Europe/Istanbul, behind Microsoft's servers, whose
# results have words of their own; then by SMS from a number that is not hers.
. "${0%/*}/../lib.sh"

cat >kith.yaml <<'Y'
us:
  emails: [destek@dukkan.example]
  tels: ["+902125550100"]
zone: Europe/Istanbul
region: TR
authserv: [dukkan.example]
Y
m() {
	cat >"$1" <<X
Received: from AM0PR01.prod.outlook.example (2603:10a6:208::1) by
 DB9PR01.prod.outlook.example with HTTPS; $4
Authentication-Results: dukkan.example; $2
From: =?utf-8?B?QXnFn2UgWcSxbG1heg==?= <ayse@yilmaz.example>
To: destek@dukkan.example
Subject: =?utf-8?Q?Ynt:_Sipari=C5=9F_1001?=
Date: $4
Message-ID: <$3>
In-Reply-To: <yanit-1@dukkan.example>
References: <ilk@yilmaz.example> <yanit-1@dukkan.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=windows-1254
Content-Transfer-Encoding: quoted-printable

Son yaz=FD=FEmalar=FDm=FDz=FD tekrar g=F6nderir misiniz?
X
}
cat >before.mbox <<'X'
From ayse@yilmaz.example Mon May  6 08:00:00 2024
Authentication-Results: dukkan.example; dkim=pass header.d=yilmaz.example; dmarc=pass header.from=yilmaz.example
From: =?utf-8?B?QXnFn2UgWcSxbG1heg==?= <ayse@yilmaz.example>
To: destek@dukkan.example
Subject: =?utf-8?Q?Sipari=C5=9F_1001?=
Date: Mon, 6 May 2024 11:00:00 +0300
Message-ID: <ilk@yilmaz.example>

Adresim Bahce Sokak 3.

From destek@dukkan.example Mon May  6 09:00:00 2024
From: Destek <destek@dukkan.example>
To: Ayse <ayse@yilmaz.example>
Subject: =?utf-8?Q?Ynt:_Sipari=C5=9F_1001?=
Date: Mon, 6 May 2024 12:00:00 +0300
Message-ID: <yanit-1@dukkan.example>
In-Reply-To: <ilk@yilmaz.example>

Yarin.

X
day='Tue, 7 May 2024 13:00:00 +0300'
m forged.eml 'spf=softfail smtp.mailfrom=kotu.example; dkim=fail header.d=yilmaz.example;
 dmarc=fail action=quarantine header.from=yilmaz.example; compauth=fail reason=000' f@kotu.example "$day"
m none.eml 'spf=none smtp.mailfrom=kotu.example; dkim=none (message not signed) header.d=none;
 dmarc=none action=none header.from=yilmaz.example; compauth=fail reason=001' n@kotu.example "$day"
m true.eml 'spf=pass smtp.mailfrom=yilmaz.example; dkim=pass header.d=yilmaz.example;
 dmarc=bestguesspass action=none header.from=yilmaz.example; compauth=pass reason=109' s@yilmaz.example "$day"
cat >sms.xml <<'X'
<smses count="1"><sms address="05325550199" date="1715083200000" type="1" body="Ben Ayşe Yılmaz, adresim neydi?" contact_name="Ayşe Yılmaz" /></smses>
X
kith ingest before.mbox forged.eml none.eml true.eml sms.xml | kith normalize -C kith.yaml |
	kith identify -C kith.yaml | kith merge -C kith.yaml | kith recall -C kith.yaml >all
of() { jq -c "select(.messageId == \"$1\" or .channel == \"$1\") | $2" all; }
home=$(of ilk@yilmaz.example .conversation)
is "the true one joins, and sees what was said" "$(of s@yilmaz.example '[.conversation, (.context.recent | length), .text]')" \
	"[$home,2,\"Son yazışmalarımızı tekrar gönderir misiniz?\"]"
for id in f@kotu.example n@kotu.example; do
	is "$id does not" "$(of $id "[.conversation == $home, .context.recent, .quarantine.reference]")" \
		'[false,null,"yanit-1@dukkan.example"]'
	is "it waits all the same" "$(of $id .asks)" true
done
like "and why" "$(of f@kotu.example .quarantine.reason)" 'dmarc=fail at dukkan.example'
like "and why of none" "$(of n@kotu.example .quarantine.reason)" 'not authenticated'
is "a name in an SMS opens nothing" "$(of sms "[.conversation == $home, .context.recent]")" '[false,null]'
is "nothing of hers stands beside them" "$(jq -c 'select(.quarantine or .channel == "sms")' all | grep -c Bahce)" 0
done_testing
