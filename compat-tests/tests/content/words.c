/* A CGI program in C with the C library's own streams: counts the words of its input and of a file, and sorts its
 * environment's names. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static long words(FILE *from)
{
    long count = 0;
    int c, inside = 0;
    while ((c = getc(from)) != EOF) {
        if (isspace(c)) {
            inside = 0;
        } else if (!inside) {
            inside = 1;
            count++;
        }
    }
    return count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    size_t count = 0;
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (file == NULL) {
        perror("words");
        return EXIT_FAILURE;
    }
    printf("Content-Type: text/plain\r\nX-Words: %ld\r\n\r\n", words(stdin));
    printf("%s has %ld words\n", argv[1], words(file));
    while (environ[count] != NULL)
        count++;
    qsort(environ, count, sizeof *environ, by_name);
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "OWN_", 4) == 0)
            puts(environ[i]);
    fprintf(stderr, "counted for %s\n", getenv("REMOTE_ADDR"));
    return EXIT_SUCCESS;
}
