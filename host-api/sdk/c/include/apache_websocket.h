/* The connection as a WebSocket (WasmApi +websocket). Included by apache_module.h. */
#ifndef APACHE_WEBSOCKET_H
#define APACHE_WEBSOCKET_H

/* A whole message. */
typedef struct {
    bool is_text;
    ap_bytes data;
} websocket_message;

/* Waits for a whole message of at most so many bytes, which is put into the pool: clear it after each message, since a
 * conversation is one call. 1, 0 once the client has gone or closed, or a negative code. The socket is what
 * ap_websocket_upgrade answers. */
int32_t websocket_read(int64_t socket, apr_pool_t *pool, uint32_t most, websocket_message *message);
/* Sends a text; 0 or a negative code. */
int32_t websocket_write(int64_t socket, const char *text);
/* Sends bytes; 0 or a negative code. */
int32_t websocket_write_binary(int64_t socket, const char *data, uint32_t length);

#endif
