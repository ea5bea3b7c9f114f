/* Cookies, tables, escapes and files over C strings; knows nothing of modules. */
#include "apache_module.h"

/* Address and length of a string that may be NULL. */
#define OR_EMPTY(string) (string) ? (string) : "", (string) ? (uint32_t)strlen(string) : 0

const char *cookie_get(ap_request r, const char *name)
{
    return AP_READ(ap_call_pool(), ap_cookie_read, r, AP_STRING(name)).data;
}

int32_t cookie_set(ap_request r, const set_cookie *c)
{
    return ap_set_cookie(r, AP_STRING(c->name), OR_EMPTY(c->value), c->expires, OR_EMPTY(c->path), OR_EMPTY(c->domain),
                         OR_EMPTY(c->same_site), c->flags);
}

/* The strings that stand one after the other in some bytes, each with a NUL after it; NULL ends the list. */
static const char *const *strings(ap_bytes all, uint32_t *count)
{
    *count = 0;
    for (int32_t i = 0; i < all.length; i++) *count += all.data[i] == 0;
    const char **list = apr_pcalloc(ap_call_pool(), (*count + 1) * sizeof *list);
    const char *at = all.data;
    for (uint32_t i = 0; i < *count; i++, at += strlen(at) + 1) list[i] = at;
    return list;
}

const table_entry *table_entries(ap_request r, uint32_t table, uint32_t *count)
{
    const char *const *list = strings(AP_READ(ap_call_pool(), apr_table_elts, r, table), count);
    *count /= 2;
    table_entry *entries = apr_pcalloc(ap_call_pool(), (*count + 1) * sizeof *entries);
    for (uint32_t i = 0; i < *count; i++) entries[i] = (table_entry){list[2 * i], list[2 * i + 1]};
    return entries;
}

const char *const *require_args(void)
{
    uint32_t count;
    return strings(AP_READ(ap_call_pool(), ap_require_args), &count);
}

const char *escape_html(const char *text)
{
    return text ? AP_READ(ap_call_pool(), ap_escape_html2, AP_STRING(text), 0).data : NULL;
}

const char *escape_urlencoded(const char *text)
{
    return text ? AP_READ(ap_call_pool(), ap_escape_urlencoded, AP_STRING(text)).data : NULL;
}

const char *escape_logitem(const char *text)
{
    return text ? AP_READ(ap_call_pool(), ap_escape_logitem, AP_STRING(text)).data : NULL;
}

const char *unescape_urlencoded(const char *text)
{
    return text ? AP_READ(ap_call_pool(), ap_unescape_urlencoded, AP_STRING(text)).data : NULL;
}

int32_t file_append(const char *path, const char *data, uint32_t length)
{
    int64_t file = apr_file_open(AP_STRING(path), APR_FOPEN_WRITE | APR_FOPEN_CREATE | APR_FOPEN_APPEND, 0x0FFF);
    if (file < 0) return (int32_t)file;
    int32_t answer = apr_file_write_full((uint32_t)file, 0, data, length);
    apr_file_close((uint32_t)file);
    return answer;
}

const char *error_text(void)
{
    const char *text = AP_READ(ap_call_pool(), ap_error_text).data;
    return text ? text : "";
}
