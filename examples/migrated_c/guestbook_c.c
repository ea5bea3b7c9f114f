/* A page from a database: SQLite or PostgreSQL, by mod_dbd. Needs `WasmApi +database`. */
#include "apache_module.h"

AP_ABI

/* A number as text that a statement takes for one: what is none is 0. */
static const char *number(const char *text)
{
    for (const char *at = text; at && *at; at++) {
        if (*at < '0' || *at > '9') return "0";
    }
    return text && *text ? text : "0";
}

AP_FUNCTION(handle)
{
    int64_t db = dbd_acquire();
    if (db < 0) {
        AP_LOG(r, APLOG_ERR, "no database: %s", error_text());
        return HTTP_SERVICE_UNAVAILABLE;
    }

    if (strcmp(request_text(r, AP_FIELD_METHOD), "POST") == 0) {
        form_data form;
        int32_t status = form_parse(r, 500, 8192, &form);
        if (status) return status;
        const char *name = form_get(&form, "name"), *age = form_get(&form, "age");
        int64_t statement = dbd_prepare(db, "INSERT INTO guests (name, age) VALUES (%s, %d)");
        if (dbd_pquery(statement, DBD_ARGUMENTS(name ? name : "", age ? age : "0")) < 0) return HTTP_INTERNAL_SERVER_ERROR;
    }

    ap_set_content_type(r, "text/html; charset=utf-8");
    form_data args = form_args(r);
    dbd_rows rows;
    int64_t statement = dbd_prepare(db, "SELECT name, age FROM guests WHERE age >= %d ORDER BY name");
    if (dbd_pselect(statement, DBD_ARGUMENTS(number(form_get(&args, "least"))), &rows)) return HTTP_INTERNAL_SERVER_ERROR;
    ap_rputs("<table>\n", r);
    for (uint32_t i = 1; i <= rows.rows; i++) {
        const char *const *row = dbd_row(&rows, i);
        const char *name = dbd_value(&rows, row, "name"), *age = dbd_value(&rows, row, "age");
        ap_rprintf(r, "<tr><td>%s<td>%s\n", escape_html(name ? name : ""), age ? age : "");
    }
    ap_rputs("</table>\n", r);
    return OK;
}
