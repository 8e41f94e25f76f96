#ifndef KITH_CORE_DIAG_H
#define KITH_CORE_DIAG_H
/*
 * The one channel to standard error.  Lines read
 *	kith-merge: in.jsonl:12: error: what, and the mend
 * and every control or bidi character in them is escaped, so that what a
 * stranger wrote cannot write on the terminal.
 */
enum diag_level {
	DIAG_INFO, /* shown with -v */
	DIAG_NOTE, /* shown unless -q */
	DIAG_WARN, /* shown unless -q */
	DIAG_ERROR, /* always shown; one record is lost or unusable */
	DIAG_FATAL, /* always shown; the output is not whole */
};

/* The program's name (borrowed for ever) and the wish of -q and -v. */
void diag_init(const char *program);
void diag_verbosity(int quiet, int verbose);
/* place is "file:line" or NULL. */
void diag(enum diag_level level, const char *place, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* From now on what is to be shown goes to this function, not to standard
 * error: the text without the program and the level's word. */
void diag_divert(void (*to)(void *arg, enum diag_level level, const char *place,
		     const char *text),
    void *arg);
/* The highest level seen so far, DIAG_INFO when none. */
enum diag_level diag_worst(void);
/* A progress line on a terminal that the next diag must not write into. */
void diag_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void diag_progress_clear(void);

#endif
