/* A module that logs at every level, in three ways: where the SDK asks for the level first, where only the host does, and
 * about the server. */
#include "apache_module.h"

AP_HOOK(fixups)
{
    for (uint32_t level = APLOG_EMERG; level <= APLOG_TRACE8; level++) {
        AP_LOG(r, level, "asked first");
        ap_log_rerror(r, AP_FIXED(__FILE__), __LINE__, level, 0, AP_FIXED("about the request"));
        ap_log_error(r, AP_FIXED(__FILE__), __LINE__, level, 0, AP_FIXED("about the server"));
    }
    return DECLINED;
}

AP_DECLARE_MODULE(.name = "mod_levels.c")
