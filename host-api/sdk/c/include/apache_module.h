/* Writing an httpd module or script in C: the host functions (apache_functions.h, made from the table), and over them
 * pools, strings, directives, hooks and filters in httpd's own form. Knows no C library. */
#ifndef APACHE_MODULE_H
#define APACHE_MODULE_H

#include "apache_functions.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Address and length of a literal, for a function that takes bytes. */
#define AP_FIXED(literal) "" literal, (uint32_t)(sizeof(literal) - 1)
/* The same of a string that ends with a NUL; it is evaluated twice. */
#define AP_STRING(string) (string), (uint32_t)strlen(string)

/* A request: 0 is the one being served, others come from functions that say so. */
typedef uint32_t ap_request;

/* ---- Memory (src/pool.c) ---- */

/* Memory that is given back as a whole (apr_pools.h). A guest that gets no more memory traps. */
typedef struct apr_pool_t apr_pool_t;

/* The pool of the present call: cleared when httpd calls the next hook, filter, directive or script function. */
apr_pool_t *ap_call_pool(void);
apr_pool_t *apr_pool_create(void);
void apr_pool_clear(apr_pool_t *pool);
void apr_pool_destroy(apr_pool_t *pool);
/* Memory aligned to 16 bytes; what it holds is not defined. */
void *apr_palloc(apr_pool_t *pool, size_t size);
/* Memory that is all zero. */
void *apr_pcalloc(apr_pool_t *pool, size_t size);

/* ---- Strings (src/string.c) ---- */

/* NULL where the string is NULL, as all of these. */
char *apr_pstrdup(apr_pool_t *pool, const char *string);
/* A copy of so many bytes with a NUL after them. */
char *apr_pstrmemdup(apr_pool_t *pool, const char *bytes, size_t length);
/* Strings one after another; NULL ends the list. */
char *apr_pstrcat(apr_pool_t *pool, ...);
/* Knows %s %.*s %c %d %i %u %x %X %%, with l, ll or z before the letter, width and the flags - and 0. */
char *apr_psprintf(apr_pool_t *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *apr_pvsprintf(apr_pool_t *pool, const char *format, va_list arguments);

/* ---- Answers in bytes ---- */

/* What a host function answered: bytes with a NUL after them, or no bytes (NULL) and a negative code as length. */
typedef struct {
    char *data;
    int32_t length;
} ap_bytes;

/* Bytes that most answers fit in, so that one call is enough. */
#define AP_FIRST_TRY 1024

/* Calls a host function that fills a buffer until its whole answer fits:
 *     ap_bytes uri = AP_READ(pool, ap_request_field, r, AP_FIELD_URI);
 * A second call happens only where the answer is longer than AP_FIRST_TRY. */
#define AP_READ(pool, function, ...)                                                                                   \
    ({                                                                                                                 \
        apr_pool_t *ap_pool_ = (pool);                                                                                 \
        uint32_t ap_capacity_ = AP_FIRST_TRY;                                                                          \
        char *ap_data_;                                                                                                \
        int32_t ap_length_;                                                                                            \
        for (;;) {                                                                                                     \
            ap_data_ = apr_palloc(ap_pool_, (size_t)ap_capacity_ + 1);                                                 \
            ap_length_ = function(__VA_ARGS__ __VA_OPT__(, ) ap_data_, ap_capacity_);                                  \
            if (ap_length_ <= (int32_t)ap_capacity_) break;                                                            \
            ap_capacity_ = (uint32_t)ap_length_;                                                                       \
        }                                                                                                              \
        if (ap_length_ < 0) ap_data_ = NULL;                                                                           \
        else ap_data_[ap_length_] = 0;                                                                                 \
        (ap_bytes){ap_data_, ap_length_};                                                                              \
    })

/* ---- Requests (src/request.c); what they give lives in the present call's pool ---- */

/* A text field, AP_FIELD_*; NULL where httpd has NULL. */
const char *request_text(ap_request r, uint32_t field);
/* Writes a text field; NULL unsets it. 0 or a negative code. */
int32_t request_set_text(ap_request r, uint32_t field, const char *value);
/* The first value of a name in a table, AP_TABLE_*; NULL where there is none. */
const char *table_get(ap_request r, uint32_t table, const char *name);
/* These answer 0 or a negative code. */
int32_t table_set(ap_request r, uint32_t table, const char *name, const char *value);
int32_t table_add(ap_request r, uint32_t table, const char *name, const char *value);
int32_t table_merge(ap_request r, uint32_t table, const char *name, const char *value);
int32_t table_unset(ap_request r, uint32_t table, const char *name);
/* r->content_type; 0 or a negative code. */
int32_t ap_set_content_type(ap_request r, const char *type);
/* Sends a string, or a formatted one, as part of the body; 0 or a negative code. */
int32_t ap_rputs(const char *string, ap_request r);
int32_t ap_rprintf(ap_request r, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Logs about a request, APLOG_*; nothing is formatted below the level in force. */
#define AP_LOG(r, level, ...) ap_log_about((r), __FILE__, __LINE__, (level), __VA_ARGS__)
void ap_log_about(ap_request r, const char *file, uint32_t line, uint32_t level, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#include "apache_content.h"
#include "apache_database.h"
#include "apache_websocket.h"

/* ---- Exports ---- */

#define AP_EXPORT(name) __attribute__((export_name(#name)))

/* Marks the file as one for mod_wasm: once in a script; AP_DECLARE_MODULE has it for a module. */
#define AP_ABI AP_EXPORT(apache_abi_version_1) void ap_abi_version_1_(void) {}

/* Clears the pool of the call before; AP_FUNCTION and AP_HOOK do it. */
void ap_begin_call(void);

/* A function of a script, to be named by a directive; it answers OK, DECLINED, DONE or an HTTP status, as an authorization
 * provider AUTHZ_*:
 *     AP_FUNCTION(say_hello)
 *     {
 *         ap_rputs("Hello\n", r);
 *         return OK;
 *     } */
#define AP_FUNCTION(name) AP_EXPORTED_(name, name)

/* A hook of a module, by httpd's name: AP_HOOK(fixups) { … }. */
#define AP_HOOK(name) AP_EXPORTED_(ap_hook_##name, name)

#define AP_EXPORTED_(name, short)                                                                                      \
    static int32_t ap_body_of_##short(ap_request r);                                                                   \
    AP_EXPORT(name) int32_t ap_export_of_##short(ap_request r)                                                         \
    {                                                                                                                  \
        ap_begin_call();                                                                                               \
        return ap_body_of_##short(r);                                                                                  \
    }                                                                                                                  \
    static int32_t ap_body_of_##short(__attribute__((unused)) ap_request r)

/* ---- Filters (src/filter.c) ---- */

/* A filter at work on one body. */
typedef struct ap_filter_t {
    uint32_t id;          /* the body's number */
    ap_request r;
    void *ctx;            /* the filter's own, NULL at first */
    apr_pool_t *pool;     /* lives as long as the body */
    struct ap_filter_t *next;
} ap_filter_t;

/* Called for FILTER_START, FILTER_DATA with the chunk's length, FILTER_FLUSH and FILTER_EOS; answers FILTER_PASS,
 * FILTER_REPLACE (what was written passes in the chunk's place) or FILTER_REMOVE. */
typedef int32_t ap_filter_func(ap_filter_t *f, uint32_t event, uint32_t length);

/* The whole present chunk, in the present call's pool. */
ap_bytes filter_chunk(uint32_t length);
/* Passes a string on; 0 or a negative code. */
int32_t filter_write(const char *string);
/* Calls a filter with what it keeps for the body, and forgets that at the body's end. */
int32_t ap_run_filter(ap_filter_func *function, uint32_t id, ap_request r, uint32_t event, uint32_t length);

/* A filter function of a script, to be named by a directive: AP_FILTER(capitals) { … } has f, event and length. */
#define AP_FILTER(name)                                                                                                \
    static ap_filter_func ap_body_of_##name;                                                                           \
    AP_EXPORT(name) int32_t ap_export_of_##name(uint32_t id, ap_request r, uint32_t event, uint32_t length)            \
    {                                                                                                                  \
        return ap_run_filter(ap_body_of_##name, id, r, event, length);                                                 \
    }                                                                                                                  \
    static int32_t ap_body_of_##name(__attribute__((unused)) ap_filter_t *f, __attribute__((unused)) uint32_t event,   \
                                     __attribute__((unused)) uint32_t length)

/* ---- Modules (src/module.c) ---- */

/* The directive being parsed. */
typedef struct {
    apr_pool_t *pool;      /* lives as long as the configuration */
    apr_pool_t *temp_pool; /* lives while the directive is parsed */
    void *info;            /* as the table has it */
} cmd_parms;

typedef const char *cmd_no_args(cmd_parms *cmd, void *config);
typedef const char *cmd_flag(cmd_parms *cmd, void *config, int on);
typedef const char *cmd_raw_args(cmd_parms *cmd, void *config, const char *args);
typedef const char *cmd_take1(cmd_parms *cmd, void *config, const char *w);
typedef const char *cmd_take2(cmd_parms *cmd, void *config, const char *w, const char *w2);
typedef const char *cmd_take3(cmd_parms *cmd, void *config, const char *w, const char *w2, const char *w3);
typedef const char *cmd_take_argv(cmd_parms *cmd, void *config, int argc, char *const argv[]);

/* A directive. Its function answers NULL, or what is wrong; httpd adds file and line. Missing words are NULL. */
typedef struct {
    const char *name;
    union {
        cmd_no_args *no_args;
        cmd_flag *flag;
        cmd_raw_args *raw_args;
        cmd_take1 *take1;
        cmd_take2 *take2;
        cmd_take3 *take3;
        cmd_take_argv *take_argv;
    } func;
    void *info;
    uint32_t allowed;  /* OR_* */
    uint32_t args_how; /* TAKE1 … */
    const char *help;
} command_rec;

#define AP_INIT_NO_ARGS(name, function, info, allowed, help) {name, {.no_args = function}, info, allowed, NO_ARGS, help}
#define AP_INIT_RAW_ARGS(name, function, info, allowed, help) {name, {.raw_args = function}, info, allowed, RAW_ARGS, help}
#define AP_INIT_TAKE_ARGV(name, function, info, allowed, help) {name, {.take_argv = function}, info, allowed, TAKE_ARGV, help}
#define AP_INIT_TAKE1(name, function, info, allowed, help) {name, {.take1 = function}, info, allowed, TAKE1, help}
#define AP_INIT_ITERATE(name, function, info, allowed, help) {name, {.take1 = function}, info, allowed, ITERATE, help}
#define AP_INIT_TAKE2(name, function, info, allowed, help) {name, {.take2 = function}, info, allowed, TAKE2, help}
#define AP_INIT_TAKE12(name, function, info, allowed, help) {name, {.take2 = function}, info, allowed, TAKE12, help}
#define AP_INIT_ITERATE2(name, function, info, allowed, help) {name, {.take2 = function}, info, allowed, ITERATE2, help}
#define AP_INIT_TAKE3(name, function, info, allowed, help) {name, {.take3 = function}, info, allowed, TAKE3, help}
#define AP_INIT_TAKE23(name, function, info, allowed, help) {name, {.take3 = function}, info, allowed, TAKE23, help}
#define AP_INIT_TAKE123(name, function, info, allowed, help) {name, {.take3 = function}, info, allowed, TAKE123, help}
#define AP_INIT_TAKE13(name, function, info, allowed, help) {name, {.take3 = function}, info, allowed, TAKE13, help}
#define AP_INIT_FLAG(name, function, info, allowed, help) {name, {.flag = function}, info, allowed, FLAG, help}

/* A filter that httpd knows by name (SetOutputFilter, AddInputFilter …). */
typedef struct {
    const char *name;
    ap_filter_func *function;
    uint32_t type; /* FTYPE_* */
} filter_rec;

/* Where a hook runs among those of other modules (ap_hook_*); one that is not named here runs in the middle. */
typedef struct {
    const char *hook;         /* fixups */
    int32_t order;            /* FIRST, MIDDLE … */
    const char *predecessors; /* names of modules with spaces between them, or NULL */
    const char *successors;
} order_rec;

/* A configuration, per directory or per server. All may be NULL: then it is one byte that nobody uses. A configuration
 * lives in the pool that it is given; a merged one may point into those that it was merged from, which live as long. */
typedef struct {
    void *(*create)(apr_pool_t *pool);
    void *(*merge)(apr_pool_t *pool, void *base, void *add);
    /* Which hooks may do anything under a configuration, as AP_HOOK_* bits; NULL: all. */
    uint64_t (*hooks)(const void *config);
} config_rec;

/* A module; every list ends with an empty row, and may be left out. */
typedef struct {
    const char *name; /* as <IfModule> knows it: mod_hello.c */
    config_rec dir;
    config_rec server;
    const command_rec *commands;        /* set the per-directory configuration */
    const command_rec *server_commands; /* set the per-server configuration */
    const order_rec *orders;
    const filter_rec *output_filters;
    const filter_rec *input_filters;
    const char *const *handlers; /* values of r->handler for which the hook `handler` is called, all where this is NULL; NULL ends this list */
    const char *const *mutexes; /* global mutexes that the Mutex directive knows, numbered from 0; NULL ends this list */
    const char *const *offers;  /* optional functions that the host offers in the module's name, in the same way */
} module;

/* The configuration in force for a request (ap_get_module_config); never NULL where its `create` gives one. */
void *ap_dir_config(ap_request r);
void *ap_server_config(ap_request r);

void ap_describe_module(const module *m);
void *ap_new_config(const module *m, uint32_t kind);
void *ap_merge_configs(const module *m, uint32_t kind, void *base, void *add);
void ap_drop_config(void *config);
uint64_t ap_hooks_of_config(const module *m, uint32_t kind, void *config);
int32_t ap_run_directive(const module *m, uint32_t number, uint32_t kind, void *config);

/* Declares the module: AP_DECLARE_MODULE(.name = "mod_hello.c", .commands = hello_commands, …); its hooks are AP_HOOK. */
#define AP_DECLARE_MODULE(...)                                                                                         \
    AP_ABI                                                                                                             \
    static const module ap_module_ = {__VA_ARGS__};                                                                    \
    AP_EXPORT(apache_module) void ap_module_describes_(void) { ap_describe_module(&ap_module_); }                      \
    AP_EXPORT(ap_create_config) void *ap_module_creates_(uint32_t kind) { return ap_new_config(&ap_module_, kind); }   \
    AP_EXPORT(ap_merge_config) void *ap_module_merges_(uint32_t kind, void *base, void *add)                           \
    {                                                                                                                  \
        return ap_merge_configs(&ap_module_, kind, base, add);                                                         \
    }                                                                                                                  \
    AP_EXPORT(ap_free_config) void ap_module_frees_(__attribute__((unused)) uint32_t kind, void *config)               \
    {                                                                                                                  \
        ap_drop_config(config);                                                                                        \
    }                                                                                                                  \
    AP_EXPORT(ap_config_hooks) uint64_t ap_module_hooks_(uint32_t kind, void *config)                                  \
    {                                                                                                                  \
        return ap_hooks_of_config(&ap_module_, kind, config);                                                          \
    }                                                                                                                  \
    AP_EXPORT(ap_directive) int32_t ap_module_parses_(uint32_t number, uint32_t kind, void *config)                    \
    {                                                                                                                  \
        return ap_run_directive(&ap_module_, number, kind, config);                                                    \
    }                                                                                                                  \
    AP_EXPORT(ap_output_filter) int32_t ap_module_filters_output_(uint32_t number, uint32_t id, ap_request r,          \
                                                                 uint32_t event, uint32_t length)                      \
    {                                                                                                                  \
        return ap_run_filter(ap_module_.output_filters[number].function, id, r, event, length);                        \
    }                                                                                                                  \
    AP_EXPORT(ap_input_filter) int32_t ap_module_filters_input_(uint32_t number, uint32_t id, ap_request r,            \
                                                               uint32_t event, uint32_t length)                        \
    {                                                                                                                  \
        return ap_run_filter(ap_module_.input_filters[number].function, id, r, event, length);                         \
    }

#endif
