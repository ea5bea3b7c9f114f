/* The host functions of requests, tables and the log, over C strings; knows nothing of modules. */
#include "apache_module.h"

const char *request_text(ap_request r, uint32_t field)
{
    return AP_READ(ap_call_pool(), ap_request_field, r, field).data;
}

int32_t request_set_text(ap_request r, uint32_t field, const char *value)
{
    return value ? ap_request_set_field(r, field, AP_STRING(value)) : ap_request_unset_field(r, field);
}

const char *table_get(ap_request r, uint32_t table, const char *name)
{
    return AP_READ(ap_call_pool(), apr_table_get, r, table, AP_STRING(name)).data;
}

int32_t table_set(ap_request r, uint32_t table, const char *name, const char *value)
{
    return apr_table_set(r, table, AP_STRING(name), AP_STRING(value));
}

int32_t table_add(ap_request r, uint32_t table, const char *name, const char *value)
{
    return apr_table_add(r, table, AP_STRING(name), AP_STRING(value));
}

int32_t table_merge(ap_request r, uint32_t table, const char *name, const char *value)
{
    return apr_table_merge(r, table, AP_STRING(name), AP_STRING(value));
}

int32_t table_unset(ap_request r, uint32_t table, const char *name)
{
    return apr_table_unset(r, table, AP_STRING(name));
}

int32_t ap_set_content_type(ap_request r, const char *type)
{
    return request_set_text(r, AP_FIELD_CONTENT_TYPE, type);
}

int32_t ap_rputs(const char *string, ap_request r)
{
    return ap_rwrite(r, AP_STRING(string));
}

int32_t ap_rprintf(ap_request r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = apr_pvsprintf(ap_call_pool(), format, arguments);
    va_end(arguments);
    return ap_rputs(text, r);
}

void ap_log_about(ap_request r, const char *file, uint32_t line, uint32_t level, const char *format, ...)
{
    if (ap_log_level(r) < (int64_t)level) return;
    va_list arguments;
    va_start(arguments, format);
    const char *text = apr_pvsprintf(ap_call_pool(), format, arguments);
    va_end(arguments);
    ap_log_rerror(r, AP_STRING(file), line, level, 0, AP_STRING(text));
}
