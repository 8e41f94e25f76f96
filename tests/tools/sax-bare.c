/*
 * The peer of reading XML: libxml2's SAX2 over a file, with handlers that look
 * at every element and every attribute and keep nothing.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

static unsigned long elements, attributes, bytes;

static void
start(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
    int spaces, const xmlChar **space, int n, int defaulted, const xmlChar **v)
{
	(void)arg, (void)name, (void)prefix, (void)uri, (void)spaces;
	(void)space, (void)defaulted;
	elements++;
	for (int i = 0; i < n; i++, v += 5) {
		attributes++;
		bytes += (unsigned long)(v[4] - v[3]);
	}
}

int
main(int argc, char **argv)
{
	static char block[256 << 10];
	xmlSAXHandler sax;
	xmlParserCtxtPtr parser;
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : stdin;
	size_t n;

	memset(&sax, 0, sizeof(sax));
	sax.initialized = XML_SAX2_MAGIC;
	sax.startElementNs = start;
	parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	if (f == NULL || parser == NULL)
		return 2;
	xmlCtxtUseOptions(parser, XML_PARSE_NONET);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		xmlParseChunk(parser, block, (int)n, 0);
	xmlParseChunk(parser, block, 0, 1);
	printf("%lu elements, %lu attributes, %lu bytes, %s\n", elements,
	    attributes, bytes, parser->wellFormed ? "well-formed" : "broken");
	n = (size_t)parser->wellFormed;
	xmlFreeParserCtxt(parser);
	fclose(f);
	return n ? 0 : 1;
}
