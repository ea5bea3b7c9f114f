/* Headers on every answer, by what is answered. */
#include "apache_module.h"

AP_ABI

/* Whether a path ends so, whatever the case. */
static bool ends(const char *path, const char *end)
{
    size_t length = strlen(path), of_end = strlen(end);
    return length >= of_end && strcasecmp(path + length - of_end, end) == 0;
}

AP_FUNCTION(headers)
{
    table_set(r, AP_TABLE_ERR_HEADERS_OUT, "X-Content-Type-Options", "nosniff");
    table_set(r, AP_TABLE_ERR_HEADERS_OUT, "Referrer-Policy", "same-origin");
    if (ap_request_number(r, AP_FIELD_IS_HTTPS) == 1) {
        table_set(r, AP_TABLE_ERR_HEADERS_OUT, "Strict-Transport-Security", "max-age=31536000");
    }

    const char *type = request_text(r, AP_FIELD_CONTENT_TYPE);
    if (type && strncmp(type, "text/html", 9) == 0) {
        table_set(r, AP_TABLE_ERR_HEADERS_OUT, "Content-Security-Policy", "default-src 'self'");
    }
    const char *uri = request_text(r, AP_FIELD_URI);
    if (ends(uri, ".css") || ends(uri, ".js") || ends(uri, ".png")) {
        table_set(r, AP_TABLE_HEADERS_OUT, "Cache-Control", "public, max-age=86400");
    }
    return DECLINED;
}
