/* Strings in pools, and the formats that a module needs; knows nothing of httpd. */
#include "apache_module.h"

char *apr_pstrmemdup(apr_pool_t *pool, const char *bytes, size_t length)
{
    if (!bytes) return NULL;
    char *copy = apr_palloc(pool, length + 1);
    memcpy(copy, bytes, length);
    copy[length] = 0;
    return copy;
}

char *apr_pstrdup(apr_pool_t *pool, const char *string)
{
    return string ? apr_pstrmemdup(pool, string, strlen(string)) : NULL;
}

char *apr_pstrcat(apr_pool_t *pool, ...)
{
    va_list list;
    size_t length = 0;
    va_start(list, pool);
    for (const char *s; (s = va_arg(list, const char *));) length += strlen(s);
    va_end(list);
    char *all = apr_palloc(pool, length + 1), *at = all;
    va_start(list, pool);
    for (const char *s; (s = va_arg(list, const char *));) {
        size_t part = strlen(s);
        memcpy(at, s, part);
        at += part;
    }
    va_end(list);
    *at = 0;
    return all;
}

/* Where a format goes: first nowhere, to be counted. */
typedef struct {
    char *at;
    size_t length;
} sink;

static void put(sink *out, const char *bytes, size_t length)
{
    if (out->at) memcpy(out->at + out->length, bytes, length);
    out->length += length;
}

static void fill(sink *out, char with, int count)
{
    for (; count > 0; count--) put(out, &with, 1);
}

typedef struct {
    bool left, zeros, is_long_long;
    int width, precision; /* -1: none */
} spec;

static const char *number(const char *format, int *value)
{
    for (*value = 0; *format >= '0' && *format <= '9'; format++) {
        if (*value < 1000000) *value = *value * 10 + (*format - '0');
    }
    return format;
}

static void padded(sink *out, const spec *how, const char *sign, const char *bytes, int length)
{
    int padding = how->width - length - (int)strlen(sign);
    if (!how->left && !how->zeros) fill(out, ' ', padding);
    put(out, sign, strlen(sign));
    if (!how->left && how->zeros) fill(out, '0', padding);
    put(out, bytes, (size_t)length);
    if (how->left) fill(out, ' ', padding);
}

static void digits(sink *out, const spec *how, uint64_t value, bool negative, unsigned base, char a)
{
    char text[20], *at = text + sizeof text;
    do {
        unsigned digit = (unsigned)(value % base);
        *--at = digit < 10 ? (char)('0' + digit) : (char)(a + digit - 10);
    } while (value /= base);
    padded(out, how, negative ? "-" : "", at, (int)(text + sizeof text - at));
}

static void format_to(sink *out, const char *format, va_list *list)
{
    for (;;) {
        const char *percent = strchr(format, '%');
        if (!percent) break;
        put(out, format, (size_t)(percent - format));
        format = percent + 1;
        spec how = {.precision = -1};
        for (; *format == '-' || *format == '0'; format++) {
            if (*format == '-') how.left = true;
            else how.zeros = true;
        }
        format = number(format, &how.width);
        if (format[0] == '.' && format[1] == '*') {
            how.precision = va_arg(*list, int);
            format += 2;
        } else if (*format == '.') {
            format = number(format + 1, &how.precision);
        }
        if (format[0] == 'l' && format[1] == 'l') how.is_long_long = true, format += 2;
        else if (*format == 'l' || *format == 'z') format++; /* as wide as int */
        switch (*format) {
        case 0:
            return;
        case 's': {
            const char *s = va_arg(*list, const char *);
            if (!s) s = "(null)";
            const char *end = how.precision < 0 ? NULL : memchr(s, 0, (size_t)how.precision);
            size_t length = end ? (size_t)(end - s) : how.precision < 0 ? strlen(s) : (size_t)how.precision;
            how.zeros = false;
            padded(out, &how, "", s, (int)length);
            break;
        }
        case 'c': {
            char c = (char)va_arg(*list, int);
            padded(out, &how, "", &c, 1);
            break;
        }
        case 'd':
        case 'i': {
            int64_t value = how.is_long_long ? va_arg(*list, long long) : va_arg(*list, int);
            digits(out, &how, value < 0 ? -(uint64_t)value : (uint64_t)value, value < 0, 10, 'a');
            break;
        }
        case 'u':
        case 'x':
        case 'X': {
            uint64_t value = how.is_long_long ? va_arg(*list, unsigned long long) : va_arg(*list, unsigned);
            digits(out, &how, value, false, *format == 'u' ? 10 : 16, *format == 'X' ? 'A' : 'a');
            break;
        }
        default: /* %% and what is not known */
            put(out, format, 1);
        }
        format++;
    }
    put(out, format, strlen(format));
}

char *apr_pvsprintf(apr_pool_t *pool, const char *format, va_list arguments)
{
    va_list again;
    sink out = {NULL, 0};
    va_copy(again, arguments);
    format_to(&out, format, &again);
    va_end(again);
    out.at = apr_palloc(pool, out.length + 1);
    out.length = 0;
    va_copy(again, arguments);
    format_to(&out, format, &again);
    va_end(again);
    out.at[out.length] = 0;
    return out.at;
}

char *apr_psprintf(apr_pool_t *pool, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = apr_pvsprintf(pool, format, arguments);
    va_end(arguments);
    return text;
}
