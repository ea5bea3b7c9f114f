/* A websocket that answers everything in capitals until it hears "bye". Needs `WasmApi +websocket`. */
#include "apache_module.h"

AP_ABI

AP_FUNCTION(handle)
{
    int64_t socket = ap_websocket_upgrade(r);
    if (socket < 0) return HTTP_BAD_REQUEST;

    const char *name = request_text(r, AP_FIELD_ARGS);
    websocket_write(socket, apr_pstrcat(ap_call_pool(), "hello, ", name ? name : "stranger", NULL));

    apr_pool_t *pool = apr_pool_create();
    websocket_message message;
    /* What fails is the client's going away. */
    while (websocket_read(socket, pool, 1 << 20, &message) == 1) {
        char *line = message.data.data;
        if (strcmp(line, "bye") == 0) {
            websocket_write(socket, "bye");
            break;
        }
        for (char *at = line; *at; at++) {
            if (*at >= 'a' && *at <= 'z') *at -= 'a' - 'A';
        }
        websocket_write(socket, line);
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    ap_websocket_close((uint32_t)socket, 1000, "", 0);
    return DONE;
}
