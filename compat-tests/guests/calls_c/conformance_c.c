/* A module that calls any host function as it is told, `function;argument;…&function;…`, and prints what comes back, a
 * line for each call. ../conformance does the same in Rust. It knows the shape of each function, not what it should
 * answer.
 *
 * Bytes are escaped by %, and ~3 in them stands for the result of the third call as 32 bits. A number is decimal, $3 (the
 * result of the third call) or @name:3 (of a ConformanceCalls directive). */
#include "invoke.h"

#define MOST 64 /* calls in a row */
#define BUFFER 65536

typedef struct {
    int64_t values[MOST];
    int count;
    char *text; /* what is printed */
} results;

/* What ConformanceCalls directives gave, by name, in this instance. */
static struct named {
    const char *name;
    results given;
    struct named *next;
} *named;

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int64_t decimal(const char *at)
{
    bool negative = *at == '-';
    uint64_t value = 0;
    for (at += negative; *at >= '0' && *at <= '9'; at++) value = value * 10 + (uint64_t)(*at - '0');
    return (int64_t)(negative ? -value : value);
}

static int64_t number(const char *text, const results *so_far)
{
    if (*text == '$') return so_far->values[decimal(text + 1) % MOST];
    if (*text != '@') return decimal(text);
    const char *colon = strchr(text, ':');
    for (struct named *n = named; n && colon; n = n->next) {
        size_t length = (size_t)(colon - text - 1);
        if (strlen(n->name) == length && memcmp(n->name, text + 1, length) == 0) return n->given.values[decimal(colon + 1) % MOST];
    }
    return -1;
}

/* Undoes the escapes of a word, which may get twice as long by ~; the length. */
static uint32_t bytes(char *to, const char *word, const results *so_far)
{
    char *start = to;
    for (const char *at = word; *at; at++) {
        int high, low;
        if (*at == '%' && (high = digit(at[1])) >= 0 && (low = digit(at[2])) >= 0) {
            *to++ = (char)(high << 4 | low);
            at += 2;
        } else if (*at == '~' && digit(at[1]) >= 0) {
            uint32_t value = (uint32_t)so_far->values[digit(*++at)];
            memcpy(to, &value, 4);
            to += 4;
        } else {
            *to++ = *at;
        }
    }
    return (uint32_t)(to - start);
}

static const char *shown(const char *data, uint32_t length)
{
    char *out = apr_palloc(ap_call_pool(), (size_t)length * 4 + 1), *at = out;
    for (uint32_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c >= ' ' && c < 127 && c != '\\') *at++ = (char)c;
        else {
            *at++ = '\\', *at++ = 'x';
            *at++ = "0123456789abcdef"[c >> 4], *at++ = "0123456789abcdef"[c & 15];
        }
    }
    *at = 0;
    return out;
}

/* The next part of a text up to a separator; both are cut apart. */
static char *next(char **rest, char separator)
{
    char *part = *rest;
    if (!part) return NULL;
    char *end = strchr(part, separator);
    *rest = end ? end + 1 : NULL;
    if (end) *end = 0;
    return part;
}

static char *one(char *call, results *so_far)
{
    apr_pool_t *pool = ap_call_pool();
    const char *name = next(&call, ';');
    for (unsigned n = 0; n < SHAPES; n++) {
        if (strcmp(shapes[n].name, name) != 0) continue;
        int64_t arguments[20];
        int64_t *a = arguments;
        for (const char *kind = shapes[n].parameters; *kind; kind++) {
            const char *word = next(&call, ';');
            if (!word) word = "";
            if (*kind == 'b') {
                char *copy = apr_palloc(pool, strlen(word) * 2 + 1);
                *a++ = (int64_t)(uintptr_t)copy;
                *a++ = bytes(copy, word, so_far);
            } else {
                *a++ = number(word, so_far);
            }
        }
        char *buffer = NULL;
        if (shapes[n].answer == 'b') {
            buffer = apr_palloc(pool, BUFFER);
            *a++ = (int64_t)(uintptr_t)buffer;
            *a++ = BUFFER;
        }
        int64_t value = invoke(n, arguments);
        so_far->values[so_far->count++ % MOST] = value;
        if (buffer && value >= 0 && value <= BUFFER) return apr_psprintf(pool, "\"%s\"", shown(buffer, (uint32_t)value));
        return apr_psprintf(pool, "%lld", value);
    }
    so_far->values[so_far->count++ % MOST] = -1;
    return apr_psprintf(pool, "no function %s", name);
}

static results all(const char *calls)
{
    results so_far = {.text = ""};
    char *rest = apr_pstrdup(ap_call_pool(), calls);
    for (char *call; (call = next(&rest, '&'));) {
        char *line = one(call, &so_far);
        so_far.text = apr_pstrcat(ap_call_pool(), so_far.text, line, "\n", NULL);
    }
    return so_far;
}

/* The calls of a query string that are for this phase, `phase:calls`. */
static const char *calls_for(ap_request r, const char *phase)
{
    const char *args = request_text(r, AP_FIELD_ARGS);
    size_t length = strlen(phase);
    return args && strncmp(args, phase, length) == 0 && args[length] == ':' ? args + length + 1 : NULL;
}

/* ConformanceCalls name calls …: what else stands there only names what the calls open. Those of post_config wait for
 * that hook; those of `wrong` make the directive fail. */
static const char *on_calls(cmd_parms *cmd, void *config, int argc, char *const argv[])
{
    static apr_pool_t *kept;
    (void)cmd, (void)config;
    if (argc < 2) return "two words are needed";
    const char *name = argv[0], *calls = argv[1];
    if (!kept) kept = apr_pool_create();
    struct named *n = named;
    while (n && strcmp(n->name, name) != 0) n = n->next;
    if (!n) {
        n = apr_pcalloc(kept, sizeof *n);
        n->name = apr_pstrdup(kept, name);
        n->next = named;
        named = n;
    }
    if (strcmp(name, "post_config") == 0) {
        n->given.text = apr_pstrdup(kept, calls);
        return NULL;
    }
    n->given = all(calls);
    n->given.text = apr_pstrdup(kept, n->given.text);
    return strcmp(name, "wrong") == 0 ? n->given.text : NULL;
}

AP_HOOK(post_config)
{
    (void)r;
    for (struct named *n = named; n; n = n->next) {
        if (strcmp(n->name, "post_config") != 0) continue;
        char *text = all(n->given.text).text;
        text = apr_pstrcat(ap_call_pool(), "post_config: ", shown(text, (uint32_t)strlen(text)), NULL);
        ap_log_error(0, AP_FIXED(__FILE__), __LINE__, APLOG_NOTICE, 0, AP_STRING(text));
    }
    return OK;
}

AP_HOOK(fixups)
{
    const char *calls = calls_for(r, "fixups");
    if (calls) table_set(r, AP_TABLE_NOTES, "conformance", all(calls).text);
    return DECLINED;
}

AP_HOOK(handler)
{
    const char *handler = request_text(r, AP_FIELD_HANDLER);
    if (!handler || strcmp(handler, "conformance") != 0) return DECLINED;
    ap_set_content_type(r, "text/plain");
    const char *before = table_get(r, AP_TABLE_NOTES, "conformance"), *calls = calls_for(r, "handler");
    if (before) ap_rputs(before, r);
    if (calls) ap_rputs(all(calls).text, r);
    const char *name = calls_for(r, "directive");
    for (struct named *n = named; n && name; n = n->next) {
        if (strcmp(n->name, name) == 0) ap_rputs(n->given.text, r);
    }
    return OK;
}

/* Does the calls for each chunk, whose place what they print takes. */
static int32_t filter(ap_filter_t *f, uint32_t event, const char *phase)
{
    const char *calls = event == FILTER_DATA ? calls_for(f->r, phase) : NULL;
    if (!calls) return FILTER_PASS;
    const char *text = all(calls).text;
    ap_filter_write(AP_STRING(text));
    return FILTER_REPLACE;
}

static int32_t output(ap_filter_t *f, uint32_t event, uint32_t length)
{
    (void)length;
    return filter(f, event, "output");
}

static int32_t input(ap_filter_t *f, uint32_t event, uint32_t length)
{
    (void)length;
    return filter(f, event, "input");
}

static const command_rec commands[] = {
    AP_INIT_TAKE_ARGV("ConformanceCalls", on_calls, NULL, OR_FILEINFO | ACCESS_CONF | RSRC_CONF, "a name, calls, and what they open"),
    {0},
};
static const order_rec orders[] = {{"fixups", FIRST, NULL, NULL}, {0}};
static const filter_rec output_filters[] = {{"CONFORMANCE", output, FTYPE_RESOURCE}, {0}};
static const filter_rec input_filters[] = {{"CONFORMANCE", input, FTYPE_RESOURCE}, {0}};
static const char *const mutexes[] = {"conformance", NULL};
static const char *const offers[] = {"ap_register_rewrite_mapfunc", NULL};

AP_DECLARE_MODULE(.name = "mod_conformance.c", .commands = commands, .orders = orders, .output_filters = output_filters,
                  .input_filters = input_filters, .mutexes = mutexes, .offers = offers)
