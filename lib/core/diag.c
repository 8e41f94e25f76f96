#include "core/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The process has one standard error: its channel is one too. */
static struct {
	const char *program;
	enum diag_level worst, shown;
	bool progress;
} channel = { .program = "kith", .shown = DIAG_NOTE };

void
diag_init(const char *program)
{
	channel.program = program;
}

void
diag_verbosity(int quiet, int verbose)
{
	channel.shown = quiet > 0     ? DIAG_ERROR
			: verbose > 0 ? DIAG_INFO
				      : DIAG_NOTE;
}

/* Length of a character that may steer a terminal: C0, DEL, C1 and the bidi
 * controls U+061C, U+200E..F, U+202A..E, U+2066..9; 0 for all others. */
static size_t
steering(const unsigned char *s)
{
	if (*s < 0x20 || *s == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0)
		return 2;
	if (s[0] == 0xd8 && s[1] == 0x9c)
		return 2;
	if (s[0] == 0xe2 && s[1] == 0x80 &&
	    (s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xaa && s[2] <= 0xae)))
		return 3;
	if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
		return 3;
	return 0;
}

static void
print_plain(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s != '\0') {
		size_t n = steering(s);

		if (n == 0)
			putc_unlocked(*s++, stderr);
		for (; n > 0; n--)
			fprintf(stderr, "\\x%02x", *s++);
	}
}

void
diag(enum diag_level level, const char *place, const char *fmt, ...)
{
	static const char *const words[] = { "", "",
		"warning: ", "error: ", "fatal: " };
	char text[2048];
	va_list ap;

	if (level > channel.worst)
		channel.worst = level;
	if (level < channel.shown)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	diag_progress_clear();
	flockfile(stderr);
	fprintf(stderr, "%s: ", channel.program);
	if (place != NULL) {
		print_plain(place);
		fputs(": ", stderr);
	}
	fputs(words[level], stderr);
	print_plain(text);
	putc('\n', stderr);
	funlockfile(stderr);
}

enum diag_level
diag_worst(void)
{
	return channel.worst;
}

void
diag_progress(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "\r%s: ", channel.program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs("\033[K", stderr);
	fflush(stderr);
	channel.progress = true;
}

void
diag_progress_clear(void)
{
	if (channel.progress)
		fputs("\r\033[K", stderr);
	channel.progress = false;
}
