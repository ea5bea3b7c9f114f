/* A page with a form, and the answer to it. */
#include "apache_module.h"

AP_ABI

static const char page[] = "<!DOCTYPE html>\n"
                           "<title>Feedback</title>\n"
                           "<form method=\"post\">\n"
                           "  <label>Name <input name=\"name\"></label>\n"
                           "  <label>Message <textarea name=\"message\"></textarea></label>\n"
                           "  <button>Send</button>\n"
                           "</form>\n";

AP_FUNCTION(handle)
{
    const char *method = request_text(r, AP_FIELD_METHOD);
    ap_set_content_type(r, "text/html; charset=utf-8");
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        ap_rputs(page, r);
        return OK;
    }
    if (strcmp(method, "POST") != 0) return HTTP_METHOD_NOT_ALLOWED;

    form_data form;
    int32_t status = form_parse(r, 500, 8192, &form);
    if (status) return status;

    const char *name = form_get(&form, "name"), *message = form_get(&form, "message");
    if (!name || !*name) {
        ap_request_set_number(r, AP_FIELD_STATUS, 422);
        ap_rputs("<p>Please give a name.</p>\n", r);
        return OK;
    }
    ap_rprintf(r, "<p>Thank you, %s.</p>\n", escape_html(name));
    ap_rprintf(r, "<blockquote>%s</blockquote>\n", escape_html(message ? message : ""));
    return OK;
}
