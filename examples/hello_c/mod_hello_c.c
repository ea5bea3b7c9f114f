/* examples/hello in C: `HelloGreeting Hi` puts `X-Hello: Hi` on every answer and, where `SetOutputFilter HELLO` asks for
 * it, the body turns into capitals. */
#include "apache_module.h"

typedef struct {
    const char *greeting; /* NULL: not said */
} hello_config;

static void *create(apr_pool_t *pool)
{
    return apr_pcalloc(pool, sizeof(hello_config));
}

static void *merge(apr_pool_t *pool, void *base, void *add)
{
    hello_config *merged = create(pool), *outer = base, *inner = add;
    merged->greeting = inner->greeting ? inner->greeting : outer->greeting;
    return merged;
}

static uint64_t hooks(const void *config)
{
    return ((const hello_config *)config)->greeting ? AP_HOOK_FIXUPS : 0;
}

static const char *set_greeting(cmd_parms *cmd, void *config, const char *word)
{
    ((hello_config *)config)->greeting = apr_pstrdup(cmd->pool, word);
    return NULL;
}

AP_HOOK(fixups)
{
    const hello_config *config = ap_dir_config(r);
    if (!config->greeting) return DECLINED;
    table_set(r, AP_TABLE_HEADERS_OUT, "X-Hello", config->greeting);
    return OK;
}

static int32_t capitals(ap_filter_t *f, uint32_t event, uint32_t length)
{
    (void)f;
    if (event != FILTER_DATA) return FILTER_PASS;
    ap_bytes chunk = filter_chunk(length);
    for (int32_t i = 0; i < chunk.length; i++) {
        if (chunk.data[i] >= 'a' && chunk.data[i] <= 'z') chunk.data[i] -= 'a' - 'A';
    }
    ap_filter_write(chunk.data, (uint32_t)chunk.length);
    return FILTER_REPLACE;
}

static const command_rec commands[] = {
    AP_INIT_TAKE1("HelloGreeting", set_greeting, NULL, OR_FILEINFO, "what the answers say"),
    {0},
};

static const filter_rec filters[] = {
    {"HELLO", capitals, FTYPE_RESOURCE},
    {0},
};

AP_DECLARE_MODULE(.name = "mod_hello.c", .dir = {create, merge, hooks}, .commands = commands, .output_filters = filters)
