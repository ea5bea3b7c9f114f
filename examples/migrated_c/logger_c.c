/* A log of its own: one line of JSON a request, in a file and in the error log. Needs `WasmApi +file`. */
#include "apache_module.h"

AP_ABI

static const char *quoted(const char *text)
{
    if (!text) text = "";
    char *all = apr_palloc(ap_call_pool(), strlen(text) * 6 + 3), *at = all;
    *at++ = '"';
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\' || byte < 0x20 || byte == 0x7f) {
            memcpy(at, apr_psprintf(ap_call_pool(), "\\u%04x", byte), 6);
            at += 6;
        } else {
            *at++ = *text;
        }
    }
    memcpy(at, "\"", 2);
    return all;
}

AP_FUNCTION(log)
{
    const char *line = apr_psprintf(
        ap_call_pool(), "{\"method\":%s,\"uri\":%s,\"agent\":%s,\"status\":%d}", quoted(request_text(r, AP_FIELD_METHOD)),
        quoted(request_text(r, AP_FIELD_URI)), quoted(table_get(r, AP_TABLE_HEADERS_IN, "User-Agent")),
        (int)ap_request_number(r, AP_FIELD_STATUS));
    AP_LOG(r, APLOG_INFO, "%s", line);

    const char *path = table_get(r, AP_TABLE_SUBPROCESS_ENV, "JSON_LOG");
    line = apr_pstrcat(ap_call_pool(), line, "\n", NULL);
    if (path) file_append(path, AP_STRING(line));
    return DECLINED;
}
