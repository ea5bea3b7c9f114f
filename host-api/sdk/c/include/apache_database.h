/* Databases by APR's drivers or mod_dbd (WasmApi +database). What is open is closed when the present call ends, and what
 * these functions give lives as long. Included by apache_module.h. */
#ifndef APACHE_DATABASE_H
#define APACHE_DATABASE_H

/* A connection of mod_dbd. A handle or a negative code, so for all that follow: a code given on as handle is refused. */
#define dbd_acquire() dbd_open("mod_dbd", "")
/* A connection by a driver of APR: sqlite3 with a path, pgsql with "host=… dbname=…". */
int64_t dbd_open(const char *driver, const char *params);
/* Runs a statement without rows: how many rows it changed, or a negative code; error_text says why. */
int64_t dbd_query(int64_t db, const char *statement);
/* A statement with %s, %d and so on for its arguments. */
int64_t dbd_prepare(int64_t db, const char *statement);

/* Arguments of a statement as text; NULL is NULL: DBD_ARGUMENTS(name, "36"). */
#define DBD_ARGUMENTS(...)                                                                                             \
    (const char *const[]){__VA_ARGS__}, (uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* As dbd_query, of a prepared statement: dbd_pquery(statement, DBD_ARGUMENTS(name, age)). */
int64_t dbd_pquery(int64_t statement, const char *const *arguments, uint32_t count);

/* The rows of an answer, all of them fetched. */
typedef struct {
    int64_t handle;
    uint32_t rows, columns;
    const char *const *names; /* of the columns */
} dbd_rows;

/* These answer 0 or a negative code. */
int32_t dbd_select(int64_t db, const char *statement, dbd_rows *rows);
int32_t dbd_pselect(int64_t statement, const char *const *arguments, uint32_t count, dbd_rows *rows);
/* A row by its number from 1: its values by column, NULL for NULL; NULL past the end. */
const char *const *dbd_row(const dbd_rows *rows, uint32_t number);
/* The value of a row by the name of its column, in either case, or NULL. */
const char *dbd_value(const dbd_rows *rows, const char *const *row, const char *column);
/* Closes a connection, a statement or rows before the call ends. */
void dbd_close(int64_t handle);

#endif
