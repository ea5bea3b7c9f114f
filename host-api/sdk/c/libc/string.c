/* What clang calls by itself, and the string functions that every module needs; knows nothing of httpd. Compiled with
 * -fno-builtin, so that a loop is not made into a call of the very function that it stands in. */
#include <string.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    return __builtin_memcpy(to, from, size); /* one instruction of Wasm: memory.copy */
}

void *memmove(void *to, const void *from, size_t size)
{
    return __builtin_memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size)
{
    return __builtin_memset(to, byte, size);
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *p = a, *q = b;
    for (; size > 0; size--, p++, q++)
        if (*p != *q) return *p - *q;
    return 0;
}

void *memchr(const void *bytes, int byte, size_t size)
{
    const unsigned char *p = bytes;
    for (; size > 0; size--, p++)
        if (*p == (unsigned char)byte) return (void *)p;
    return NULL;
}

size_t strlen(const char *string)
{
    const char *end = string;
    while (*end) end++;
    return (size_t)(end - string);
}

int strncmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; size--, a++, b++)
        if (*a != *b || !*a) return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, (size_t)-1);
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

int strncasecmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; size--, a++, b++)
        if (lower(*a) != lower(*b) || !*a) return lower(*a) - lower(*b);
    return 0;
}

int strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, (size_t)-1);
}

char *strchr(const char *string, int byte)
{
    for (;; string++) {
        if (*string == (char)byte) return (char *)string;
        if (!*string) return NULL;
    }
}

char *strrchr(const char *string, int byte)
{
    const char *found = NULL;
    for (;; string++) {
        if (*string == (char)byte) found = string;
        if (!*string) return (char *)found;
    }
}

char *strstr(const char *string, const char *part)
{
    size_t length = strlen(part);
    for (;; string++) {
        if (strncmp(string, part, length) == 0) return (char *)string;
        if (!*string) return NULL;
    }
}
