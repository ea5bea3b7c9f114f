/* What a module says of itself, its directives and its configurations; knows nothing of requests. */
#include "apache_module.h"

/* In front of each configuration: its pool, and who uses it. A merged configuration uses the two that it came from. */
typedef struct held {
    apr_pool_t *pool;
    uint32_t users;
    struct held *from[2];
    void *config;
} held;

/* Where the host keeps the addresses of the configurations in force, by kind. */
static volatile uint32_t in_force_now[2];

static const config_rec *kind_of(const module *m, uint32_t kind)
{
    return kind == 0 ? &m->dir : &m->server;
}

static void describe_commands(const command_rec *commands)
{
    for (const command_rec *c = commands; c && c->name; c++)
        ap_module_directive(AP_STRING(c->name), c->args_how, c->allowed, AP_STRING(c->help));
}

void ap_describe_module(const module *m)
{
    ap_module_name(AP_STRING(m->name));
    describe_commands(m->commands);
    describe_commands(m->server_commands);
    for (const order_rec *o = m->orders; o && o->hook; o++) {
        const char *before = o->predecessors ? o->predecessors : "", *after = o->successors ? o->successors : "";
        ap_module_hook(AP_STRING(o->hook), o->order, AP_STRING(before), AP_STRING(after));
    }
    for (const filter_rec *f = m->output_filters; f && f->name; f++) ap_module_output_filter(AP_STRING(f->name), f->type);
    for (const filter_rec *f = m->input_filters; f && f->name; f++) ap_module_input_filter(AP_STRING(f->name), f->type);
    for (const char *const *name = m->handlers; name && *name; name++) ap_module_handler(AP_STRING(*name));
    for (const char *const *name = m->mutexes; name && *name; name++) ap_module_mutex(AP_STRING(*name));
    for (const char *const *name = m->offers; name && *name; name++) ap_module_offers(AP_STRING(*name));
}

static held *hold(void)
{
    apr_pool_t *pool = apr_pool_create();
    held *h = apr_pcalloc(pool, sizeof *h);
    h->pool = pool;
    h->users = 1;
    return h;
}

void *ap_new_config(const module *m, uint32_t kind)
{
    /* No configuration is in force before the first is made; the host takes the place once. */
    ap_module_configs_at((uint32_t)(uintptr_t)in_force_now);
    held *h = hold();
    const config_rec *rec = kind_of(m, kind);
    h->config = rec->create ? rec->create(h->pool) : NULL;
    return h;
}

void *ap_merge_configs(const module *m, uint32_t kind, void *base, void *add)
{
    held *h = hold();
    const config_rec *rec = kind_of(m, kind);
    h->from[0] = base;
    h->from[1] = add;
    h->from[0]->users++;
    h->from[1]->users++;
    h->config = rec->merge ? rec->merge(h->pool, h->from[0]->config, h->from[1]->config) : h->from[1]->config;
    return h;
}

void ap_drop_config(void *config)
{
    held *h = config;
    if (!h || --h->users > 0) return;
    for (int i = 0; i < 2; i++) ap_drop_config(h->from[i]);
    apr_pool_destroy(h->pool);
}

uint64_t ap_hooks_of_config(const module *m, uint32_t kind, void *config)
{
    const config_rec *rec = kind_of(m, kind);
    return rec->hooks ? rec->hooks(((held *)config)->config) : UINT32_MAX;
}

/* The configuration in force, by kind; that of other requests isn't known. */
static void *in_force(ap_request r, uint32_t kind)
{
    held *h = r == 0 ? (held *)(uintptr_t)in_force_now[kind] : NULL;
    return h ? h->config : NULL;
}

void *ap_dir_config(ap_request r)
{
    return in_force(r, 0);
}

void *ap_server_config(ap_request r)
{
    return in_force(r, 1);
}

#define MOST_WORDS 3

static const char *call(const command_rec *c, cmd_parms *cmd, void *config, ap_bytes args)
{
    switch (c->args_how) {
    case NO_ARGS: return c->func.no_args(cmd, config);
    case RAW_ARGS: return c->func.raw_args(cmd, config, args.data);
    case FLAG: return c->func.flag(cmd, config, args.data[0] == '1');
    }
    int count = 0;
    for (int32_t at = 0; at < args.length; at++) count += args.data[at] == 0;
    char **words = apr_pcalloc(cmd->temp_pool, (size_t)(count + MOST_WORDS) * sizeof *words);
    char *at = args.data;
    for (int i = 0; i < count; i++, at += strlen(at) + 1) words[i] = at;
    switch (c->args_how) {
    case TAKE1:
    case ITERATE: return c->func.take1(cmd, config, words[0]);
    case TAKE2:
    case TAKE12:
    case ITERATE2: return c->func.take2(cmd, config, words[0], words[1]);
    case TAKE_ARGV: return c->func.take_argv(cmd, config, count, words);
    default: return c->func.take3(cmd, config, words[0], words[1], words[2]);
    }
}

int32_t ap_run_directive(const module *m, uint32_t number, uint32_t kind, void *config)
{
    ap_begin_call();
    const command_rec *c = m->commands;
    bool server = false;
    for (; c && c->name && number > 0; c++) number--;
    if (!c || !c->name) {
        c = m->server_commands + number;
        server = true;
    }
    if (server != (kind != 0)) return 0;
    held *h = config;
    cmd_parms cmd = {h->pool, ap_call_pool(), c->info};
    ap_bytes args = AP_READ(ap_call_pool(), ap_directive_args);
    if (!args.data) args = (ap_bytes){"", 0};
    const char *wrong = call(c, &cmd, h->config, args);
    if (!wrong) return 0;
    ap_directive_error(AP_STRING(wrong));
    return 1;
}
