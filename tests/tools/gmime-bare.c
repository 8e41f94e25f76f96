/*
 * gmime-bare FILE: parses a mailbox with GMime and decodes every part, and
 * nothing else: what ingest and normalize are measured against.
 */
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <unistd.h>

static size_t total;

static void
decode(GMimeObject *parent, GMimeObject *part, gpointer sink)
{
	GMimeDataWrapper *content;

	(void)parent;
	if (!GMIME_IS_PART(part))
		return;
	content = g_mime_part_get_content(GMIME_PART(part));
	if (content == NULL)
		return;
	total += (size_t)g_mime_data_wrapper_write_to_stream(
	    content, (GMimeStream *)sink);
}

int
main(int argc, char **argv)
{
	GMimeStream *in, *sink;
	GMimeParser *parser;
	size_t mails = 0;
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0) {
		fprintf(stderr, "usage: gmime-bare FILE\n");
		return 2;
	}
	g_mime_init();
	in = g_mime_stream_fs_new(fd);
	sink = g_mime_stream_null_new();
	parser = g_mime_parser_new_with_stream(in);
	g_mime_parser_set_format(parser, GMIME_FORMAT_MBOX);
	g_mime_parser_set_persist_stream(parser, FALSE);
	while (!g_mime_parser_eos(parser)) {
		GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

		if (m == NULL)
			break;
		g_mime_message_foreach(m, decode, sink);
		g_object_unref(m);
		mails++;
	}
	printf("%zu mails, %zu bytes decoded\n", mails, total);
	g_object_unref(parser);
	g_object_unref(sink);
	g_object_unref(in);
	g_mime_shutdown();
	return 0;
}
