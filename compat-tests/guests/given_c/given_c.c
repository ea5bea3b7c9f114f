/* A module in C with wasi-libc: at /given_c it tells its variable, its argument and a file whose path is the query string. */
#include "apache_module.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

static char argument[64];

/* A module has no main that would be handed its arguments. */
static void take_argument(void)
{
    __wasi_size_t count, size;
    if (__wasi_args_sizes_get(&count, &size) || count != 2 || size > 4096) return;
    uint8_t *words[2], bytes[size];
    if (!__wasi_args_get(words, bytes)) snprintf(argument, sizeof argument, "%s", (char *)words[1]);
}

AP_HOOK(handler)
{
    const char *uri = request_text(r, AP_FIELD_URI), *path = request_text(r, AP_FIELD_ARGS);
    if (!uri || !path || strcmp(uri, "/given_c") != 0) return DECLINED;
    take_argument();
    const char *variable = getenv("GREETING");
    char line[128] = "";
    FILE *file = fopen(path, "r");
    if (!file || !fgets(line, sizeof line, file)) snprintf(line, sizeof line, "refused: %s\n", strerror(errno));
    if (file) fclose(file);
    fprintf(stderr, "%s was asked for\n", path);
    ap_rputs(apr_psprintf(ap_call_pool(), "%s %s %s", variable ? variable : "nothing", argument, line), r);
    return OK;
}

AP_DECLARE_MODULE(.name = "mod_given_c.c")
