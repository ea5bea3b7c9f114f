/* Messages of a WebSocket, put together from their frames; knows no request. */
#include "apache_module.h"

#define FIN 256
enum { CONTINUATION, TEXT, BINARY, CLOSE = 8 };

int32_t websocket_read(int64_t socket, apr_pool_t *pool, uint32_t most, websocket_message *message)
{
    *message = (websocket_message){false, {"", 0}};
    for (;;) {
        int64_t frame = ap_websocket_read((uint32_t)socket);
        if (frame < 0) return frame == AP_NONE ? 0 : (int32_t)frame;
        ap_bytes part = AP_READ(pool, ap_answer);
        if (!part.data) part = (ap_bytes){"", 0};
        switch (frame & ~FIN) {
        case CLOSE: return 0;
        case TEXT: message->is_text = true;
        }
        if ((uint64_t)message->data.length + (uint32_t)part.length > most) {
            ap_websocket_close((uint32_t)socket, 1009, "", 0);
            return AP_LIMIT;
        }
        if (message->data.length == 0) {
            message->data = part;
        } else {
            char *both = apr_palloc(pool, (size_t)message->data.length + (size_t)part.length + 1);
            memcpy(both, message->data.data, (size_t)message->data.length);
            memcpy(both + message->data.length, part.data, (size_t)part.length + 1);
            message->data = (ap_bytes){both, message->data.length + part.length};
        }
        if (frame & FIN) return 1;
    }
}

int32_t websocket_write(int64_t socket, const char *text)
{
    return ap_websocket_write((uint32_t)socket, TEXT | FIN, AP_STRING(text));
}

int32_t websocket_write_binary(int64_t socket, const char *data, uint32_t length)
{
    return ap_websocket_write((uint32_t)socket, BINARY | FIN, data, length);
}
