/* A line at the end of every page, however the page comes. */
#include "apache_module.h"

AP_ABI

AP_FILTER(footer)
{
    if (event == FILTER_START) {
        const char *type = request_text(f->r, AP_FIELD_CONTENT_TYPE);
        if (!type || strncmp(type, "text/html", 9) != 0) return FILTER_REMOVE;
    }
    if (event == FILTER_EOS) {
        const char *host = request_text(f->r, AP_FIELD_HOSTNAME);
        filter_write(apr_psprintf(ap_call_pool(), "<footer>%s</footer>\n", escape_html(host ? host : "")));
    }
    return FILTER_PASS;
}
