#!/bin/sh
# Who handed a mail to our server, by the Received fields of many servers, and
# what a forger puts there.
. "${0%/*}/lib.sh"

# says WHAT WANT: the address, the name that was said, and the envelope's sender
# of the header on standard input; our server is mx.us.example.
says() {
	jq -Rsc '{check: "received", servers: ["mx.us.example"],
	    raw: (. + "From: a@b.example\n\nx\n")}' >ask
	is "$1" "$("$BUILD/tests/tools/mailauth" 127.0.0.1:9 <ask | tr '\t' ' ')" "$2"
}
at='Thu, 5 Mar 2026 10:00:00 +0000'

says Postfix '192.0.2.1 mail.b.example a@b.example' <<MAIL
Return-Path: <a@b.example>
Received: from mail.b.example (ptr.b.example [192.0.2.1])
	(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))
	(No client certificate requested)
	by mx.us.example (Postfix) with ESMTPS id 4F; $at
MAIL
says 'Postfix, IPv6' '2001:db8::1 mail.b.example -' <<MAIL
Received: from mail.b.example (unknown [IPv6:2001:DB8:0::1])
	by mx.us.example (Postfix) with ESMTPS id 4F; $at
MAIL
says Exim '192.0.2.1 mail.b.example -' <<MAIL
Received: from ptr.b.example ([192.0.2.1] helo=mail.b.example)
	by mx.us.example with esmtps (Exim 4.96) (envelope-from <a@b.example>)
	id 1k; $at
MAIL
says 'Exim, an address without a name' '192.0.2.1 mail.b.example -' <<MAIL
Received: from [192.0.2.1] (helo=mail.b.example) by mx.us.example with esmtp
	(Exim 4.96) id 1k; $at
MAIL
says 'Exim, and a name that looks like another address' '192.0.2.1 [198.51.100.9] -' <<MAIL
Received: from ptr.b.example ([192.0.2.1] helo=[198.51.100.9])
	by mx.us.example with esmtp (Exim 4.96) id 1k; $at
MAIL
says qmail '192.0.2.1 mail.b.example -' <<MAIL
Received: from unknown (HELO mail.b.example) (192.0.2.1)
  by mx.us.example with SMTP; $at
MAIL
says sendmail '192.0.2.1 mail.b.example -' <<MAIL
Received: from mail.b.example (ptr.b.example [192.0.2.1] (may be forged))
	by mx.us.example (8.15.2/8.15.2) with ESMTP id x; $at
MAIL
says Exchange '2001:db8::1 mail.b.example -' <<MAIL
Received: from mail.b.example (2001:db8::1) by mx.us.example (10.0.0.1) with
 Microsoft SMTP Server id 15.20; $at
MAIL
says Gmail '192.0.2.1 mail.b.example a@b.example' <<MAIL
Received: by 2002:a05:6402:1::1 with SMTP id x; $at
X-Received: by 2002:a05:6402:2::1 with SMTP id y; $at
Return-Path: <a@b.example>
Received: from mail.b.example (mail.b.example. [192.0.2.1])
        by mx.us.example with ESMTPS id z; $at
MAIL
says 'the null sender' '192.0.2.1 mail.b.example ' <<MAIL
Return-Path: <>
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example; $at
MAIL
says 'a filter on the same machine' '192.0.2.1 mail.b.example -' <<MAIL
Received: from localhost (localhost [127.0.0.1])
	by mx.us.example (Postfix) with ESMTP id 2; $at
Received: from mx.us.example ([127.0.0.1])
	by localhost (mx.us.example [127.0.0.1]) (amavisd-new, port 10024)
	with ESMTP id 3; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example (Postfix); $at
MAIL
says 'a filter that names the other side' '192.0.2.1 mail.b.example -' <<MAIL
Received: from localhost (localhost [127.0.0.1])
	by mx.us.example (Postfix) with ESMTP id 2; $at
Received: from mail.b.example ([192.0.2.1])
	by localhost (mx.us.example [127.0.0.1]) (amavisd-new, port 10024)
	with ESMTP id 3; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example (Postfix); $at
MAIL
says 'a store behind it, on a network of ours' '192.0.2.1 mail.b.example -' <<MAIL
Received: from mx.us.example (mx.us.example [10.0.0.5]) by store.us.example
	with LMTP id 4; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example; $at
MAIL

# Nobody knows, or a forger would like us to think so.
says 'no field' - </dev/null
says 'another server took it in' - <<MAIL
Received: from evil.example (x [203.0.113.9]) by mx.other.example; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example; $at
MAIL
says 'the top one counts' '203.0.113.9 evil.example -' <<MAIL
Received: from evil.example (x [203.0.113.9]) by mx.us.example; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example; $at
MAIL
says 'a sender below the field came with the mail' '203.0.113.9 evil.example -' <<MAIL
Received: from evil.example (x [203.0.113.9]) by mx.us.example; $at
Return-Path: <a@b.example>
MAIL
says 'a relay of a private network, as of a container' - <<MAIL
Received: from gate (gate [172.17.0.1]) by mx.us.example; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example; $at
MAIL
says 'a server that wrote no address' - <<MAIL
Received: by mx.us.example (Postfix, from userid 33) id 5; $at
Received: from mail.b.example (x [192.0.2.1]) by mx.us.example; $at
MAIL
says 'two addresses' - <<MAIL
Received: from evil.example (x[192.0.2.1]@y [203.0.113.9]) by mx.us.example; $at
MAIL
says 'a name with our server in it' - <<MAIL
Received: from a by mx.us.example (x [203.0.113.9]) by mx.other.example; $at
MAIL
says 'a comment that does not end' - <<MAIL
Received: from evil.example (x [203.0.113.9] by mx.us.example; $at
MAIL
says 'localhost, of which nobody knows' - <<MAIL
Received: from mail.b.example (x [192.0.2.1]) by localhost; $at
MAIL
done_testing
