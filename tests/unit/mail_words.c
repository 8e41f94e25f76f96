/* Encoded words, parameters, transfer encodings, uuencode. */
#include "mail/encodedword.h"
#include "mail/transfer.h"
#include "tap.h"

static void
word(struct arena *a, const char *in, const char *want)
{
	is_str(words_decode(str_of(in), a), want, in);
}

static void
words(struct arena *a)
{
	word(a, "=?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe?=", "Grüße");
	word(a, "=?utf-8?B?R3LD?=\r\n =?utf-8?B?vMOfZQ==?=", "Grüße");
	word(a, "=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC?=", "Grü");
	word(a, "a =?iso-8859-1?Q?b=FC?= c", "a bü c");
	word(a, "\"=?utf-8?q?a_b?=\"", "\"a b\"");
	word(a, "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b");
	word(a, "=?iso-8859-1?Q?=93x=94_=80?=", "“x” €");
	word(a, "=?utf-8*de?Q?Gr=C3=BC?=", "Grü");
	word(a, "=?utf-8?B?SGVsbG8?=", "Hello");
	word(a, "=?utf-8?B?R3LD\n vMOfZQ==?=", "Grüße");
	word(a,
	    "=?utf-8?Q?Why?"
	    "?=",
	    "Why?");
	word(a, "=?utf-8?Q?a?=3Db?=", "a?=b");
	word(a, "=?utf-8?Q?100=ZZ?=", "100=ZZ");
	word(a, "=?utf-8?Q?a=0Ab?=", "a b");
	word(a,
	    "=?utf-8?Q?Gr=C3=BC=\r\n =C3=9Fe_an=\r\n\t_Jan?=", "Grüße an Jan");
	word(a, "=?utf-8?Q?Gr=C3=BC=?=\r\n =?utf-8?Q?=C3=9Fe?=", "Grüße");
	word(a, "=?x-nowhere?Q?Gr=C3=BC?=", "Grü");
	word(a, "=?utf-8?Q?no end", "=?utf-8?Q?no end");
	word(a, "=?=?=?=?", "=?=?=?=?");
	word(a, "=?utf-8?X?a?=", "=?utf-8?X?a?=");
	word(a, "", "");
}

static void
parameter(struct arena *a, const char *name, const char *in, const char *want)
{
	is_str(words_parameter(str_of(in), name, a), want, in);
}

static void
filename(struct arena *a, const char *in, const char *want)
{
	parameter(a, "filename", in, want);
}

static void
parameters(struct arena *a)
{
	filename(a, "attachment; filename=a.pdf", "a.pdf");
	filename(
	    a, "attachment; filename=\"a;b \\\"c\\\".pdf\"", "a;b \"c\".pdf");
	filename(a, "attachment; filename=a b.pdf", "a b.pdf");
	filename(a, "attachment; FileName = \"a.pdf\"; size=3", "a.pdf");
	filename(a, "attachment filename=a.pdf", "a.pdf");
	filename(a, "filename=a.pdf", "a.pdf");
	filename(a, "attachment; filename=\"C:\\x\\a.pdf\"", "C:\\x\\a.pdf");
	filename(a, "attachment; filename=\"a.pdf", "a.pdf");
	filename(
	    a, "attachment; filename=\"=?utf-8?Q?Gr=C3=BC.pdf?=\"", "Grü.pdf");
	filename(a, "attachment; filename*=iso-8859-1'de'Gr%FC.pdf", "Grü.pdf");
	filename(a, "attachment; filename=x.pdf; filename*=utf-8''%C3%BC.pdf",
	    "ü.pdf");
	filename(a, "attachment; filename*=%C3%BC.pdf", "ü.pdf");
	filename(a,
	    "attachment; filename*1*=%C3%9Fe; filename*2=\".pdf\";\n"
	    " filename*0*=utf-8''Gr%C3%BC",
	    "Grüße.pdf");
	filename(a, "attachment; filename*0=\"a b\"; filename*2=\"d\"", "a b");
	filename(
	    a, "attachment; filename=\"\x1b$B8+@Q\x1b(B.pdf\"", "見積.pdf");
	filename(a, "attachment; filename=\"\"", NULL);
	filename(a, "attachment; name=a.pdf", NULL);
	filename(a, "attachment; filename*99999999999999=x", NULL);
	parameter(a, "charset", "text/plain charset=utf-8", "utf-8");
}

static void
undone(const char *encoding, const char *in, const char *want)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	transfer_decode(str_of(in), transfer_of(str_of(encoding)), &b);
	is_str(buf_str(&b), want, in);
	buf_release(&b);
}

static void
transfers(void)
{
	undone("quoted-printable", "a=\nb=20\n", "ab \n");
	undone("Quoted Printable;", "a=3d=C3=bc", "a=ü");
	undone("\"quoted-printable\"", "a  \t\r\nb= \r\nc", "a\r\nbc");
	undone("quoted-printable", "1+1=2, =Z =", "1+1=2, =Z ");
	undone("base64 (comment)", "SGVsbG8", "Hello");
	undone("x-uuencode", "begin 644 a\n#86)C\n`\nend\n", "abc");
	undone("x-uuencode", "nothing of that", "nothing of that");
	undone("8bit", "a=20", "a=20");
}

static void
files(void)
{
	struct str s = STR("see\nbegin 644 a b.txt\n#86)C\n`\nend\nbye\n");
	struct inner_file f;
	struct buf b;

	buf_init(&b, 1000);
	ok(inner_find(s, 0, &f) && f.at == 4, "found");
	is_str(f.name, "a b.txt", "its name");
	is_str(str_sub(s, f.at + f.n, s.n), "bye\n", "what is behind it");
	inner_decode(&f, &b);
	is_str(buf_str(&b), "abc", "its bytes");
	ok(!inner_find(s, f.at + 1, &f), "no other");
	ok(!inner_find(STR("begin 644 x\nwith what you know\n"), 0, &f),
	    "prose");
	ok(!inner_find(STR("I begin 644 x\n#86)C\nend\n"), 0, &f), "in a line");
	ok(inner_find(STR("begin 644 x\n#86)C"), 0, &f), "cut off");
	s = STR("see\n=ybegin line=128 size=3 name=a b.bin\n\x8b\x8c=}\n"
		"=yend size=3\nbye\n");
	ok(inner_find(s, 0, &f) && f.yenc && f.at == 4, "yEnc found");
	is_str(f.name, "a b.bin", "its name");
	buf_reset(&b);
	inner_decode(&f, &b);
	is_str(buf_str(&b), "ab\x13", "its bytes");
	is_str(str_sub(s, f.at + f.n, s.n), "bye\n", "what is behind it");
	buf_release(&b);
}

int
main(void)
{
	struct arena a = { 0 };

	words(&a);
	parameters(&a);
	transfers();
	files();
	arena_release(&a);
	return done();
}
