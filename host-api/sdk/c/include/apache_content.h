/* What most handlers need beside the request itself: forms, bodies, cookies, whole tables, escapes, files. What these
 * functions give lives in the present call's pool. Included by apache_module.h. */
#ifndef APACHE_CONTENT_H
#define APACHE_CONTENT_H

/* ---- Forms and bodies (src/form.c) ---- */

/* One field of a form; strings end with a NUL. */
typedef struct {
    const char *name;
    const char *filename;     /* of a file that the client sent, else NULL */
    const char *content_type; /* NULL where the client gives none */
    const char *value;
    uint32_t length; /* of the value, which may hold NULs */
} form_field;

/* The fields of a form, in their order. */
typedef struct {
    const form_field *fields;
    uint32_t count;
} form_data;

/* The body as a form, urlencoded or multipart/form-data, with at most so many fields and bytes; no field where it is no
 * form (ap_parse_form_data). 0, or the HTTP status with which the function is to answer. */
int32_t form_parse(ap_request r, uint32_t fields, uint32_t size, form_data *form);
/* The query string as a form (ap_args_to_table). */
form_data form_args(ap_request r);
/* The value of the first field of a name, or NULL. */
const char *form_get(const form_data *form, const char *name);
/* The whole body; 0, or the HTTP status with which the function is to answer: 413 where it has more than `most` bytes. */
int32_t request_body(ap_request r, uint32_t most, ap_bytes *body);

/* ---- Cookies and tables (src/content.c) ---- */

/* A cookie to be set; only `name` and `value` are needed. */
typedef struct {
    const char *name, *value;
    const char *path, *domain;
    const char *same_site; /* Strict, Lax, None */
    int64_t expires;       /* seconds since 1970; 0: with the session */
    uint32_t flags;        /* COOKIE_SECURE, COOKIE_HTTPONLY, COOKIE_PARTITIONED */
} set_cookie;

/* The value of a cookie that the client sent, or NULL (ap_cookie_read). */
const char *cookie_get(ap_request r, const char *name);
/* 0 or a negative code. */
int32_t cookie_set(ap_request r, const set_cookie *cookie);

/* An entry of a table. */
typedef struct {
    const char *name, *value;
} table_entry;

/* All entries of a table in order, and how many. */
const table_entry *table_entries(ap_request r, uint32_t table, uint32_t *count);

/* ---- Texts, files, reasons (src/content.c) ---- */

/* These give NULL where the text is NULL. */
const char *escape_html(const char *text);
const char *escape_urlencoded(const char *text);
const char *escape_logitem(const char *text);
/* NULL where the text holds a bad escape as well. */
const char *unescape_urlencoded(const char *text);
/* The words of the Require line for which an authorization provider is asked; NULL ends the list. */
const char *const *require_args(void);
/* Writes at the end of a file, which is made where there is none (WasmApi +file): 0 or a negative code. */
int32_t file_append(const char *path, const char *data, uint32_t length);
/* Why the last host function answered AP_FAILED. */
const char *error_text(void);

#endif
