/* `Require plan gold silver`: what the customer of an API key has paid for. */
#include "apache_module.h"

AP_ABI

static const char *const plans[][2] = {{"k1", "gold"}, {"k2", "silver"}, {"k3", "free"}};

static const char *plan_of(const char *key)
{
    for (size_t i = 0; key && i < sizeof plans / sizeof *plans; i++) {
        if (strcmp(plans[i][0], key) == 0) return plans[i][1];
    }
    return NULL;
}

AP_FUNCTION(plan)
{
    const char *key = table_get(r, AP_TABLE_HEADERS_IN, "X-Api-Key");
    if (!key) key = cookie_get(r, "key");
    const char *has = plan_of(key);
    if (!has) {
        AP_LOG(r, APLOG_INFO, "no plan for this key");
        return AUTHZ_DENIED;
    }

    for (const char *const *wanted = require_args(); *wanted; wanted++) {
        if (strcmp(*wanted, has) == 0) {
            table_set(r, AP_TABLE_NOTES, "plan", has);
            return AUTHZ_GRANTED;
        }
    }
    return AUTHZ_DENIED;
}
