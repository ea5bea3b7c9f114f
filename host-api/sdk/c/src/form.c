/* Forms and bodies as the host gives them, taken apart; knows nothing of what is in them. */
#include "apache_module.h"

/* What is left of a list of values. */
typedef struct {
    const char *at, *end;
} rest;

/* The next value, a length of 32 bits and its bytes, as a string of its own; NULL where there is none. */
static const char *next(rest *left, uint32_t *length)
{
    int32_t size = -1;
    *length = 0;
    if (left->end - left->at < 4) return NULL;
    memcpy(&size, left->at, 4);
    left->at += 4;
    if (size < 0 || size > left->end - left->at) return NULL;
    *length = (uint32_t)size;
    left->at += size;
    return apr_pstrmemdup(ap_call_pool(), left->at - size, (size_t)size);
}

/* The status with which the function is to answer where a host function gave a code. */
static int32_t status_of(int32_t code)
{
    int32_t status = code == AP_FAILED ? (int32_t)ap_error_status() : 0;
    return status ? status : HTTP_INTERNAL_SERVER_ERROR;
}

int32_t form_parse(ap_request r, uint32_t fields, uint32_t size, form_data *form)
{
    *form = (form_data){NULL, 0};
    ap_bytes all = AP_READ(ap_call_pool(), ap_parse_form_data, r, fields, size);
    if (!all.data) return all.length == AP_NONE ? 0 : status_of(all.length);
    /* A field is at least four lengths. */
    form_field *read = apr_pcalloc(ap_call_pool(), (size_t)all.length / 16 * sizeof *read);
    rest left = {all.data, all.data + all.length};
    uint32_t unused;
    for (uint32_t i = 0; left.end - left.at >= 16; i++, form->count = i) {
        read[i].name = next(&left, &unused);
        read[i].filename = next(&left, &unused);
        read[i].content_type = next(&left, &unused);
        read[i].value = next(&left, &read[i].length);
    }
    form->fields = read;
    return 0;
}

form_data form_args(ap_request r)
{
    ap_bytes all = AP_READ(ap_call_pool(), ap_args_to_table, r);
    if (!all.data) return (form_data){NULL, 0};
    uint32_t count = 0;
    for (int32_t i = 0; i < all.length; i++) count += all.data[i] == 0;
    form_field *fields = apr_pcalloc(ap_call_pool(), (count / 2 + 1) * sizeof *fields);
    const char *at = all.data;
    for (uint32_t i = 0; i < count / 2; i++) {
        fields[i].name = at;
        at += strlen(at) + 1;
        fields[i].value = at;
        fields[i].length = (uint32_t)strlen(at);
        at += fields[i].length + 1;
    }
    return (form_data){fields, count / 2};
}

const char *form_get(const form_data *form, const char *name)
{
    for (uint32_t i = 0; i < form->count; i++) {
        if (form->fields[i].name && strcmp(form->fields[i].name, name) == 0) return form->fields[i].value;
    }
    return NULL;
}

#define PIECE (64u << 10)

int32_t request_body(ap_request r, uint32_t most, ap_bytes *body)
{
    apr_pool_t *pool = ap_call_pool();
    uint32_t capacity = PIECE, length = 0;
    char *data = apr_palloc(pool, capacity + 1);
    for (;;) {
        int32_t got = ap_read_body(r, capacity - length, data + length, capacity - length);
        if (got < 0) return status_of(got);
        if (got == 0) break;
        length += (uint32_t)got;
        if (length > most) return HTTP_REQUEST_ENTITY_TOO_LARGE;
        if (capacity - length < PIECE / 2) {
            char *larger = apr_palloc(pool, (size_t)capacity * 2 + 1);
            memcpy(larger, data, length);
            data = larger;
            capacity *= 2;
        }
    }
    data[length] = 0;
    *body = (ap_bytes){data, (int32_t)length};
    return 0;
}
