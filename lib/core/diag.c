#include "core/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/plain.h"

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

static void
print_plain(const char *text)
{
	struct buf out;

	buf_init(&out, 1 << 16);
	plain_text(&out, str_of(text));
	fwrite(buf_str(&out).p, 1, out.n, stderr);
	buf_release(&out);
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
