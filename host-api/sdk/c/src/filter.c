/* What filters keep between two chunks of a body; knows nothing of modules. */
#include "apache_module.h"

/* Bodies that an instance can be in the midst of: httpd's stack holds far fewer filters on one another. What is older
 * belongs to a body that was never finished, because the client went away. */
#define MOST_BODIES 64

static ap_filter_t *bodies; /* the newest first */

static ap_filter_t *begin(uint32_t id)
{
    apr_pool_t *pool = apr_pool_create();
    ap_filter_t *f = apr_pcalloc(pool, sizeof *f);
    f->id = id;
    f->pool = pool;
    f->next = bodies;
    bodies = f;
    int count = 0;
    for (ap_filter_t **at = &bodies; *at;) {
        ap_filter_t *old = *at;
        if (++count <= MOST_BODIES) {
            at = &old->next;
            continue;
        }
        *at = old->next;
        apr_pool_destroy(old->pool);
    }
    return f;
}

static void end(ap_filter_t *f)
{
    ap_filter_t **at = &bodies;
    while (*at && *at != f) at = &(*at)->next;
    if (*at) *at = f->next;
    apr_pool_destroy(f->pool);
}

ap_bytes filter_chunk(uint32_t length)
{
    char *data = apr_palloc(ap_call_pool(), (size_t)length + 1);
    int32_t got = ap_filter_read(0, length, data, length);
    if (got < 0) return (ap_bytes){NULL, got};
    data[got] = 0;
    return (ap_bytes){data, got};
}

int32_t filter_write(const char *string)
{
    return ap_filter_write(AP_STRING(string));
}

int32_t ap_run_filter(ap_filter_func *function, uint32_t id, ap_request r, uint32_t event, uint32_t length)
{
    ap_begin_call();
    ap_filter_t *f = bodies;
    while (f && f->id != id) f = f->next;
    if (!f) f = begin(id);
    f->r = r;
    int32_t answer = function(f, event, length);
    if (event == FILTER_EOS || answer == FILTER_REMOVE) end(f);
    return answer;
}
