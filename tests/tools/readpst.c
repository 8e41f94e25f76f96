/*
 * What stands in for readpst where it has to go wrong: its file says how, in the
 * word behind its first 16 bytes.  It writes one mail before, and what it could
 * do from behind its walls as the mail's subject.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *mail;

/* "read EACCES" */
static void
tell(const char *what, int rc)
{
	fprintf(
	    mail, " %s %s", what, rc >= 0 ? "crossed" : strerrorname_np(errno));
}

static void
cross(const char *file)
{
	char *none[] = { NULL };
	char beside[4096];
	pid_t child;

	snprintf(beside, sizeof(beside), "%s.beside", file);
	tell("file", open(file, O_RDONLY));
	tell("beside", open(beside, O_RDONLY));
	tell("read", open("/etc/passwd", O_RDONLY));
	tell("list", open("..", O_RDONLY | O_DIRECTORY));
	tell("write", open("../made", O_WRONLY | O_CREAT, 0600));
	tell("change", open(file, O_WRONLY));
	tell("socket", socket(AF_INET, SOCK_STREAM, 0));
	child = fork();
	if (child == 0)
		_exit(0);
	tell("fork", child);
	tell("exec", execve("/bin/sh", none, none));
}

static void
write_mail(const char *file, const char *how)
{
	mkdir("mails/Box", 0700);
	mail = fopen("mails/Box/1.eml", "w");
	if (mail == NULL)
		exit(3);
	fputs(
	    "From: <MAILER-DAEMON>\nMessage-ID: <1@x.example>\nSubject:", mail);
	if (strcmp(how, "cross") == 0)
		cross(file);
	fputs("\n\nHello.\n", mail);
	fclose(mail);
}

int
main(int argc, char **argv)
{
	char head[64] = "";
	FILE *f = argc < 2 ? NULL : fopen(argv[argc - 1], "r");
	const char *how = head + 16;

	if (f == NULL || fread(head, 1, sizeof(head) - 1, f) < 16)
		return 4;
	head[16 + strcspn(how, "\n")] = '\0';
	write_mail(argv[argc - 1], how);
	if (strcmp(how, "die") == 0)
		abort();
	while (strcmp(how, "hang") == 0)
		sleep(1);
	if (strcmp(how, "fill") == 0) {
		int fd = open("mails/Box/2.eml", O_WRONLY | O_CREAT, 0600);

		if (fd < 0 || ftruncate(fd, (off_t)1 << 31) < 0)
			return 5;
		for (;;)
			sleep(1);
	}
	printf("Processing Folder \"Box\"\n\t\"Box\" - 1 items done, 2 items "
	       "skipped.\n");
	if (strcmp(how, "fail") == 0)
		printf("Cannot go on\n");
	return strcmp(how, "fail") == 0;
}
