/* A native module that registers two map functions with whoever offers ap_register_rewrite_mapfunc. */
#include "httpd.h"
#include "http_config.h"
#include "apr_strings.h"
#include "mod_rewrite.h"

static char *reversed(request_rec *r, char *key)
{
    char *out = apr_pstrdup(r->pool, key);
    apr_size_t length = strlen(key), i;
    for (i = 0; i < length; i++)
        out[i] = key[length - 1 - i];
    return out;
}

static char *nothing(request_rec *r, char *key)
{
    return NULL;
}

static int pre_config(apr_pool_t *pool, apr_pool_t *log, apr_pool_t *temp)
{
    APR_OPTIONAL_FN_TYPE(ap_register_rewrite_mapfunc) *registrar =
        APR_RETRIEVE_OPTIONAL_FN(ap_register_rewrite_mapfunc);
    if (registrar) {
        registrar("reversed", reversed);
        registrar("nothing", nothing);
    }
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    ap_hook_pre_config(pre_config, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(native_map) = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks};
