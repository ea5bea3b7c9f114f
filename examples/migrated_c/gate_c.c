/* Only requests with the right key come in, and none by the way of a careless proxy. */
#include "apache_module.h"

AP_ABI

AP_FUNCTION(gate)
{
    if (table_get(r, AP_TABLE_HEADERS_IN, "X-Forwarded-For")) {
        AP_LOG(r, APLOG_WARNING, "refused: it came through a proxy");
        return HTTP_FORBIDDEN;
    }

    const char *key = table_get(r, AP_TABLE_HEADERS_IN, "X-Gate");
    const char *wanted = table_get(r, AP_TABLE_SUBPROCESS_ENV, "GATE_KEY");
    if (!key || !wanted || strcmp(key, wanted) != 0) {
        table_set(r, AP_TABLE_ERR_HEADERS_OUT, "X-Refused", "key");
        return HTTP_FORBIDDEN;
    }
    return OK;
}
