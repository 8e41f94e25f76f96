/*
 * Makes a list of words (core/text/wordlist.h) out of its text file
 * (text/wordfile.h); a part of the build.
 *	wordlist FILE >HEADER
 */
#include "core/buf.h"
#include "text/wordfile.h"

enum { FILE_MAX = 16 << 20, PER_LINE = 12 };

static int
read_file(const char *path, struct buf *out)
{
	FILE *f = fopen(path, "r");
	char *at;
	size_t n;
	int bad;

	if (f == NULL)
		return -1;
	while ((at = buf_room(out, 1 << 16)) != NULL &&
	       (n = fread(at, 1, 1 << 16, f)) > 0)
		out->n += n;
	bad = ferror(f) != 0 || out->over ? -1 : 0;
	fclose(f);
	return bad;
}

/* A string of C with an entry a line. */
static void
print_text(const struct wordlist *l, size_t n)
{
	printf("\t.text = \"\"");
	for (size_t i = 0; i < n; i++) {
		struct str s = wordlist_at(l, i);

		printf("\n\t    \"");
		for (size_t k = 0; k < s.n; k++)
			if (strchr("\"\\?", s.p[k]) != NULL)
				printf("\\%03o", (unsigned char)s.p[k]);
			else
				putchar(s.p[k]);
		putchar('"');
	}
	printf(",\n");
}

static void
begin_numbers(const char *name, const char *type)
{
	printf("\t.%s = (const %s[]){", name, type);
}

static void
print_number(size_t i, uint32_t v)
{
	printf("%s%u,", i % PER_LINE == 0 ? "\n\t    " : " ", (unsigned)v);
}

static void
end_numbers(void)
{
	printf("\n\t},\n");
}

/* MEANS(NO_REPLY, 3) for no-reply. */
static void
print_meaning(const struct wordfile *f, size_t section)
{
	struct str name = f->sections[section].name;

	printf("MEANS(");
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		putchar(c == '-' || c == '.' ? '_' : c);
	}
	printf(", %zu)", section);
}

static void
print_means(const struct wordfile *f, const struct wordlist *l, size_t n)
{
	begin_numbers("means", "uint64_t");
	for (size_t i = 0; i < n; i++) {
		const char *lead = "\n\t    ";

		for (size_t k = 0; k < f->sections_n; k++) {
			if ((l->means[i] >> k & 1) == 0)
				continue;
			printf("%sUINT64_C(1) << ", lead);
			print_meaning(f, k);
			lead = " | ";
		}
		putchar(',');
	}
	end_numbers();
}

/* Where the program does not know a section, the compiler shows it. */
static void
print_parts(
    const struct wordfile *f, const struct wordlist *l, const char *path)
{
	printf("\t.parts = {\n");
	for (size_t k = 0; k < f->sections_n; k++) {
		printf("#line %u \"%s\"\n\t    [", f->sections[k].line, path);
		print_meaning(f, k);
		printf("] = { %u, %u },\n", (unsigned)l->parts[k].first,
		    (unsigned)l->parts[k].n);
	}
	printf("\t},\n");
}

static void
print_names(const struct wordfile *f)
{
	printf("\t.names = \"\"");
	for (size_t k = 0; k < f->sections_n; k++)
		printf("\n\t    \"%.*s\\0\"", STR_ARG(f->sections[k].name));
	printf(",\n");
}

/* The file's name in C. */
static void
print_name(const char *path)
{
	const char *name = strrchr(path, '/');

	for (name = name == NULL ? path : name + 1; *name != '\0'; name++)
		putchar(*name == '-' ? '_' : *name);
}

static void
print_long(const char *name, const uint64_t *v, size_t n)
{
	begin_numbers(name, "uint64_t");
	for (size_t i = 0; i < n; i++)
		printf("%s0x%llx,", i % PER_LINE == 0 ? "\n\t    " : " ",
		    (unsigned long long)v[i]);
	end_numbers();
}

static void
print_phrases(const struct wordlist *l, size_t n)
{
	const struct wordlist_phrases *p = l->phrases;
	size_t languages = 0;

	printf("\t.phrases = &(const struct wordlist_phrases){\n");
	print_long("languages", p->languages, p->languages_at[n]);
	begin_numbers("languages_at", "uint32_t");
	for (size_t i = 0; i <= n; i++)
		print_number(i, p->languages_at[i]);
	end_numbers();
	print_long("words", p->words, WORDLIST_BITS / 64);
	print_long("stems", p->stems, WORDLIST_BITS / 64);
	print_long("begins", p->begins, WORDLIST_BITS / 64);
	print_long("openings", p->openings, WORDLIST_BITS / 64);
	print_long("pairs", p->pairs, WORDLIST_BITS / 64);
	print_long("keys", p->keys, p->mask + 1);
	print_long("means", p->means, p->mask + 1);
	begin_numbers("key_languages_at", "uint16_t");
	for (uint32_t i = 0; i <= p->mask; i++) {
		size_t end = p->key_languages_at[i] +
			     (size_t)__builtin_popcountll(p->means[i]);

		print_number(i, p->key_languages_at[i]);
		languages = end > languages ? end : languages;
	}
	end_numbers();
	print_long("key_languages", p->key_languages, languages);
	printf("\t.mask = %u,\n\t},\n", (unsigned)p->mask);
}

static void
print_list(const struct wordfile *f, const char *path, struct arena *a)
{
	struct wordlist l;
	size_t n;

	wordfile_list(f, a, &l, &n);
	printf(
	    "/* Made from %s: do not edit. */\n#include \"core/text/wordlist.h\"\n",
	    path);
	printf("\nenum { entries_of_");
	print_name(path);
	printf(" = %zu };\n\nstatic const struct wordlist words_", n);
	print_name(path);
	printf(" = {\n");
	print_parts(f, &l, path);
	print_text(&l, n);
	begin_numbers("at", "uint32_t");
	for (size_t i = 0; i <= n; i++)
		print_number(i, l.at[i]);
	end_numbers();
	print_means(f, &l, n);
	begin_numbers("slots", "uint16_t");
	for (size_t i = 0; i <= l.mask; i++)
		print_number(i, l.slots[i]);
	end_numbers();
	begin_numbers("rows", "uint16_t");
	for (size_t i = 0; i < f->n; i++)
		print_number(i, l.rows[i]);
	end_numbers();
	if (l.phrases != NULL)
		print_phrases(&l, n);
	print_names(f);
	printf("\t.mask = %u,\n\t.longest = %u,\n", (unsigned)l.mask,
	    (unsigned)l.longest);
	printf("};\n#undef MEANS\n");
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct wordfile f;
	struct buf text;
	struct err e;
	int rc = 2;

	buf_init(&text, FILE_MAX);
	if (argc != 2)
		fprintf(stderr, "usage: wordlist FILE\n");
	else if (read_file(argv[1], &text) < 0)
		fprintf(stderr, "%s: cannot be read\n", argv[1]);
	else if (wordfile_read(buf_str(&text), argv[1], &a, &f, &e) < 0)
		fprintf(stderr, "%s\n", e.msg);
	else
		rc = 0;
	if (rc == 0)
		print_list(&f, argv[1], &a);
	if (fflush(stdout) != 0 || ferror(stdout))
		rc = 2;
	arena_release(&a);
	buf_release(&text);
	return rc;
}
