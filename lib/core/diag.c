#include "core/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/text/terminal.h"

enum { LINE_BYTES = 64 << 10 };

/* The process has one standard error: its channel is one too. */
static struct {
	const char *program;
	enum diag_level worst, shown;
	bool progress;
	void (*to)(void *arg, enum diag_level level, const char *place,
	    const char *text);
	void *arg;
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

void
diag_divert(void (*to)(void *arg, enum diag_level level, const char *place,
		const char *text),
    void *arg)
{
	channel.to = to;
	channel.arg = arg;
}

/* One write a line: programs of a pipeline share the terminal. */
static void
put(struct buf *line)
{
	const char *p = buf_str(line).p;
	size_t left = line->n;

	while (left > 0) {
		ssize_t n = write(STDERR_FILENO, p, left);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0) {
			p += n;
			left -= (size_t)n;
		}
	}
	buf_release(line);
}

void
diag(enum diag_level level, const char *place, const char *fmt, ...)
{
	static const char *const words[] = { "", "",
		"warning: ", "error: ", "fatal: " };
	char text[2048];
	struct buf line;
	va_list ap;

	if (level > channel.worst)
		channel.worst = level;
	if (level < channel.shown)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (channel.to != NULL) {
		channel.to(channel.arg, level, place, text);
		return;
	}
	buf_init(&line, LINE_BYTES);
	buf_add_z(&line, channel.progress ? "\r\033[K" : "");
	channel.progress = false;
	buf_printf(&line, "%s: ", channel.program);
	if (place != NULL) {
		terminal_text(&line, str_of(place));
		buf_add_z(&line, ": ");
	}
	buf_add_z(&line, words[level]);
	terminal_text(&line, str_of(text));
	buf_add_char(&line, '\n');
	put(&line);
}

enum diag_level
diag_worst(void)
{
	return channel.worst;
}

void
diag_progress(const char *fmt, ...)
{
	char text[512];
	struct buf line;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&line, LINE_BYTES);
	buf_printf(&line, "\r%s: ", channel.program);
	terminal_text(&line, str_of(text));
	buf_add_z(&line, "\033[K");
	put(&line);
	channel.progress = true;
}

void
diag_progress_clear(void)
{
	struct buf line;

	if (!channel.progress)
		return;
	buf_init(&line, LINE_BYTES);
	buf_add_z(&line, "\r\033[K");
	put(&line);
	channel.progress = false;
}
