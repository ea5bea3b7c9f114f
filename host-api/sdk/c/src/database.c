/* Databases over C strings: arguments are put together, rows taken apart; knows no statement. */
#include "apache_module.h"

/* A handle, and a number that is none for a negative code. */
static uint32_t handle(int64_t answer)
{
    return answer < 0 ? UINT32_MAX : (uint32_t)answer;
}

int64_t dbd_open(const char *driver, const char *params)
{
    return ap_dbd_open(AP_STRING(driver), AP_STRING(params));
}

int64_t dbd_query(int64_t db, const char *statement)
{
    return apr_dbd_query(handle(db), AP_STRING(statement));
}

int64_t dbd_prepare(int64_t db, const char *statement)
{
    return apr_dbd_prepare(handle(db), AP_STRING(statement));
}

/* Of each argument its length, -1 for NULL, and its bytes. */
static ap_bytes list(const char *const *arguments, uint32_t count)
{
    size_t size = 0;
    for (uint32_t i = 0; i < count; i++) size += 4 + (arguments[i] ? strlen(arguments[i]) : 0);
    char *all = apr_palloc(ap_call_pool(), size + 1), *at = all;
    for (uint32_t i = 0; i < count; i++) {
        int32_t length = arguments[i] ? (int32_t)strlen(arguments[i]) : -1;
        memcpy(at, &length, 4);
        at += 4;
        if (length > 0) {
            memcpy(at, arguments[i], (size_t)length);
            at += length;
        }
    }
    return (ap_bytes){all, (int32_t)size};
}

int64_t dbd_pquery(int64_t statement, const char *const *arguments, uint32_t count)
{
    ap_bytes all = list(arguments, count);
    return apr_dbd_pquery(handle(statement), all.data, (uint32_t)all.length);
}

static int32_t fetched(int64_t answer, dbd_rows *rows)
{
    *rows = (dbd_rows){answer, 0, 0, NULL};
    if (answer < 0) return (int32_t)answer;
    ap_bytes names = AP_READ(ap_call_pool(), apr_dbd_get_names, handle(answer));
    for (int32_t i = 0; i < names.length; i++) rows->columns += names.data[i] == 0;
    const char **list = apr_pcalloc(ap_call_pool(), (rows->columns + 1) * sizeof *list);
    const char *at = names.data;
    for (uint32_t i = 0; i < rows->columns; i++, at += strlen(at) + 1) list[i] = at;
    rows->names = list;
    int64_t count = apr_dbd_num_tuples(handle(answer));
    rows->rows = count < 0 ? 0 : (uint32_t)count;
    return 0;
}

int32_t dbd_select(int64_t db, const char *statement, dbd_rows *rows)
{
    return fetched(apr_dbd_select(handle(db), AP_STRING(statement)), rows);
}

int32_t dbd_pselect(int64_t statement, const char *const *arguments, uint32_t count, dbd_rows *rows)
{
    ap_bytes all = list(arguments, count);
    return fetched(apr_dbd_pselect(handle(statement), all.data, (uint32_t)all.length), rows);
}

const char *const *dbd_row(const dbd_rows *rows, uint32_t number)
{
    ap_bytes all = AP_READ(ap_call_pool(), apr_dbd_get_row, handle(rows->handle), number);
    if (!all.data) return NULL;
    const char **row = apr_pcalloc(ap_call_pool(), (rows->columns + 1) * sizeof *row);
    const char *at = all.data, *end = at + all.length;
    for (uint32_t i = 0; i < rows->columns && end - at >= 4; i++) {
        int32_t length;
        memcpy(&length, at, 4);
        at += 4;
        if (length < 0) continue;
        if (length > end - at) break;
        row[i] = apr_pstrmemdup(ap_call_pool(), at, (size_t)length);
        at += length;
    }
    return row;
}

const char *dbd_value(const dbd_rows *rows, const char *const *row, const char *column)
{
    for (uint32_t i = 0; row && i < rows->columns; i++) {
        if (strcasecmp(rows->names[i], column) == 0) return row[i];
    }
    return NULL;
}

void dbd_close(int64_t of)
{
    apr_dbd_close(handle(of));
}
