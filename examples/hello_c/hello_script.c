/* A script in C: functions that directives name, each of the kind of one directive of mod_wasm. */
#include "apache_module.h"

AP_ABI

/* WasmMapHandler or SetHandler wasm-script: a page. */
AP_FUNCTION(handle)
{
    ap_set_content_type(r, "text/plain");
    const char *name = table_get(r, AP_TABLE_HEADERS_IN, "X-Name");
    ap_rprintf(r, "Hello, %s, from %s\n", name ? name : "whoever you are", request_text(r, AP_FIELD_URI));
    return OK;
}

/* WasmHookFixups: a header on every answer. */
AP_FUNCTION(greet)
{
    table_set(r, AP_TABLE_HEADERS_OUT, "X-Script", "Hi from a script");
    return OK;
}

/* WasmOutputFilter: how many bytes passed is said at the end of the body. */
AP_FILTER(count)
{
    if (!f->ctx) f->ctx = apr_pcalloc(f->pool, sizeof(uint32_t));
    uint32_t *bytes = f->ctx;
    *bytes += length;
    if (event == FILTER_EOS) {
        const char *line = apr_psprintf(ap_call_pool(), "%u bytes\n", *bytes);
        ap_filter_write(AP_STRING(line));
    }
    return FILTER_PASS;
}
