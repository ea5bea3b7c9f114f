/* A script that calls what the C SDK has beside httpd's own functions, and prints what comes back. */
#include "apache_module.h"

AP_ABI

static const char *shown(const char *text)
{
    return text ? text : "(none)";
}

AP_FUNCTION(texts)
{
    ap_rprintf(r, "%s|%s|%s|%s|%s\n", escape_html("<a&b>"), escape_urlencoded("a b/c"), escape_logitem("a\nb"),
               unescape_urlencoded("a+b%2fc"), shown(unescape_urlencoded("%zz")));
    ap_rprintf(r, "%s %s\n", shown(escape_html(NULL)), escape_html(""));
    return OK;
}

AP_FUNCTION(tables)
{
    table_add(r, AP_TABLE_NOTES, "one", "1");
    table_add(r, AP_TABLE_NOTES, "one", "2");
    table_set(r, AP_TABLE_NOTES, "empty", "");
    uint32_t count;
    const table_entry *entries = table_entries(r, AP_TABLE_NOTES, &count);
    for (uint32_t i = 0; i < count; i++) ap_rprintf(r, "%s=%s;", entries[i].name, entries[i].value);
    ap_rprintf(r, " %u\n", count);
    return OK;
}

AP_FUNCTION(cookies)
{
    int32_t code = cookie_set(r, &(set_cookie){.name = "a", .value = "b c", .path = "/p", .same_site = "Lax", .flags = COOKIE_HTTPONLY});
    int32_t refused = cookie_set(r, &(set_cookie){.name = "a", .value = "b", .path = "/\r\nX-Split: yes"});
    ap_rprintf(r, "%s %s %d %d\n", shown(cookie_get(r, "known")), shown(cookie_get(r, "unknown")), code, refused);
    return OK;
}

AP_FUNCTION(body)
{
    ap_bytes all;
    int32_t status = request_body(r, 300000, &all);
    if (status) return status;
    unsigned sum = 0;
    for (int32_t i = 0; i < all.length; i++) sum = sum * 31 + (unsigned char)all.data[i];
    ap_rprintf(r, "%d %u\n", all.length, sum);
    return OK;
}

AP_FUNCTION(form)
{
    form_data form, args = form_args(r);
    int32_t status = form_parse(r, 10, 10000, &form);
    if (status) return status;
    for (uint32_t i = 0; i < args.count; i++) ap_rprintf(r, "%s=%s;", args.fields[i].name, args.fields[i].value);
    for (uint32_t i = 0; i < form.count; i++) {
        const form_field *f = &form.fields[i];
        ap_rprintf(r, " %s,%s,%s,%u,%s", f->name, shown(f->filename), shown(f->content_type), f->length, f->value);
    }
    ap_rprintf(r, " %s\n", shown(form_get(&form, "nobody")));
    return OK;
}

AP_FUNCTION(database)
{
    int64_t db = dbd_open("sqlite3", table_get(r, AP_TABLE_SUBPROCESS_ENV, "DATABASE"));
    if (db < 0) return HTTP_SERVICE_UNAVAILABLE;
    ap_rprintf(r, "%lld", (long long)dbd_query(db, "CREATE TABLE t (a TEXT, b INTEGER)"));
    int64_t insert = dbd_prepare(db, "INSERT INTO t VALUES (%s, %d)");
    ap_rprintf(r, " %lld", (long long)dbd_pquery(insert, DBD_ARGUMENTS("x'y", "1")));
    ap_rprintf(r, " %lld\n", (long long)dbd_pquery(insert, DBD_ARGUMENTS(NULL, "2")));
    dbd_rows rows;
    int32_t code = dbd_select(db, "SELECT a, b FROM t ORDER BY b", &rows);
    ap_rprintf(r, "%d %u %u %s %s\n", code, rows.rows, rows.columns, rows.names[0], rows.names[1]);
    for (uint32_t i = 1; i <= rows.rows + 1; i++) {
        const char *const *row = dbd_row(&rows, i);
        ap_rprintf(r, "%s %s %s\n", row ? "row" : "end", shown(dbd_value(&rows, row, "A")), shown(dbd_value(&rows, row, "b")));
    }
    dbd_close(rows.handle);
    code = dbd_select(db, "SELECT nonsense", &rows);
    ap_rprintf(r, "%d %s\n", code, strstr(error_text(), "nonsense") ? "says why" : error_text());
    code = dbd_pselect(dbd_prepare(-5, "SELECT 1"), DBD_ARGUMENTS("1"), &rows);
    ap_rprintf(r, "%d %d\n", code == AP_BAD_HANDLE, dbd_row(&rows, 1) == NULL);
    dbd_close(db);
    return OK;
}

AP_FUNCTION(files)
{
    const char *path = table_get(r, AP_TABLE_SUBPROCESS_ENV, "WRITTEN");
    ap_rprintf(r, "%d %d", file_append(path, AP_FIXED("one\n")), file_append(path, AP_FIXED("two\n")));
    ap_rprintf(r, " %d\n", file_append("/nowhere/at/all", AP_FIXED("x")));
    return OK;
}

AP_FILTER(marked)
{
    if (event == FILTER_START) filter_write("[");
    if (event == FILTER_EOS) filter_write("]");
    return FILTER_PASS;
}
