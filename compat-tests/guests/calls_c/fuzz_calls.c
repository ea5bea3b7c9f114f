/* A module, and a file of functions for directives to name, that make any host calls with any arguments, as a script in
 * the query string or in a directive says; they have no idea of what is right. compat-tests/tests/fuzz_api/script.rs says how scripts are written. */
#include "invoke.h"

#define MOST 64                /* calls of a script */
#define SCRATCH (256u << 10)   /* bytes for answers, and long arguments */

/* What the 64 bits of an argument are counted from. */
enum { NOTHING, SCRIPT, RESULT, IN_SCRATCH };

static uint8_t script[96u << 10], scratch[SCRATCH];

static int digit(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* Does the calls of a script in hexadecimal if it is for this phase and event: the answer that it names, else `others`. */
static int32_t run(const char *hex, uint8_t phase, uint8_t event, int32_t others)
{
    if (!hex) return others;
    size_t length = strlen(hex) / 2;
    if (length < 8 || length > sizeof script) return others;
    if ((digit(hex[0]) << 4 | digit(hex[1])) != phase || (digit(hex[2]) << 4 | digit(hex[3])) != event) return others;
    for (size_t i = 0; i < length; i++) script[i] = (uint8_t)(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    int32_t answer;
    uint16_t data;
    memcpy(&answer, script + 2, 4);
    memcpy(&data, script + 6, 2);
    int64_t results[MOST] = {0};
    unsigned done = 0;
    memset(scratch, script[8], sizeof scratch);
    for (size_t at = 8 + (size_t)data; at + 2 <= length && done < MOST;) {
        uint16_t number;
        memcpy(&number, script + at, 2);
        at += 2;
        if (number >= SHAPES) break;
        unsigned count = shapes[number].answer == 'b' ? 2 : 0;
        for (const char *kind = shapes[number].parameters; *kind; kind++) count += *kind == 'b' ? 2 : 1;
        int64_t arguments[20];
        for (unsigned i = 0; i < count && at + 9 <= length; i++, at += 9) {
            memcpy(&arguments[i], script + at + 1, 8);
            switch (script[at]) {
            case SCRIPT: arguments[i] += (int64_t)(uintptr_t)(script + 8); break;
            case RESULT: arguments[i] = results[(uint64_t)arguments[i] % (done ? done : 1)]; break;
            case IN_SCRATCH: arguments[i] += (int64_t)(uintptr_t)scratch; break;
            }
        }
        results[done++] = invoke(number, arguments);
    }
    return answer;
}

/* A hook: phases are numbered as in script.rs. */
#define PHASE(hook, number) \
    AP_HOOK(hook) { return run(request_text(r, AP_FIELD_ARGS), number, 0, DECLINED); }

PHASE(handler, 0)
PHASE(fixups, 1)
PHASE(log_transaction, 2)
PHASE(post_read_request, 3)
PHASE(translate_name, 4)
PHASE(header_parser, 5)
PHASE(access_checker, 6)
PHASE(type_checker, 7)
PHASE(insert_filter, 8)
PHASE(map_to_storage, 9)

/* The same as functions that directives name. */
#define FUNCTION(name, number) \
    AP_FUNCTION(name) { return run(request_text(r, AP_FIELD_ARGS), number, 0, DECLINED); }

FUNCTION(handle, 13)
FUNCTION(mapped, 14)
FUNCTION(script_pre_translate_name, 15)
FUNCTION(script_translate_name, 16)
FUNCTION(script_map_to_storage, 17)
FUNCTION(script_access_checker, 18)
FUNCTION(script_auth_checker, 20)
FUNCTION(script_type_checker, 21)
FUNCTION(script_fixups, 22)
FUNCTION(script_log, 23)
FUNCTION(script_insert_filter, 24)
FUNCTION(script_quick_handler, 25)

/* Whether the script is for one of two phases. */
static bool is_for(const char *hex, int phase, int or_phase)
{
    if (!hex || strlen(hex) < 16) return false;
    int number = digit(hex[0]) << 4 | digit(hex[1]);
    return number == phase || number == or_phase;
}

/* Somebody has to say who asks, so that those come who look at that. */
AP_FUNCTION(script_check_user_id)
{
    const char *hex = request_text(r, AP_FIELD_ARGS);
    if (is_for(hex, 19, 19)) return run(hex, 19, 0, DECLINED);
    request_set_text(r, AP_FIELD_USER, "fuzz");
    return OK;
}

AP_FUNCTION(script_authz)
{
    const char *hex = request_text(r, AP_FIELD_ARGS);
    bool asked = is_for(hex, 19, 20) && !request_text(r, AP_FIELD_USER);
    return run(hex, 28, 0, asked ? AUTHZ_DENIED_NO_USER : AUTHZ_GRANTED);
}

AP_FILTER(script_output)
{
    (void)length;
    return run(request_text(f->r, AP_FIELD_ARGS), 26, (uint8_t)event, FILTER_PASS);
}

AP_FILTER(script_input)
{
    (void)length;
    return run(request_text(f->r, AP_FIELD_ARGS), 27, (uint8_t)event, FILTER_PASS);
}

static int32_t output(ap_filter_t *f, uint32_t event, uint32_t length)
{
    (void)length;
    return run(request_text(f->r, AP_FIELD_ARGS), 10, (uint8_t)event, FILTER_PASS);
}

static int32_t input(ap_filter_t *f, uint32_t event, uint32_t length)
{
    (void)length;
    return run(request_text(f->r, AP_FIELD_ARGS), 11, (uint8_t)event, FILTER_PASS);
}

static const char *on_calls(cmd_parms *cmd, void *config, const char *args)
{
    (void)cmd, (void)config;
    return run(args, 12, 0, 0) ? "the script says so" : NULL;
}

static const command_rec commands[] = {
    AP_INIT_RAW_ARGS("FuzzCalls", on_calls, NULL, OR_FILEINFO | RSRC_CONF, "a script"),
    {0},
};
static const filter_rec output_filters[] = {{"FUZZ", output, FTYPE_RESOURCE}, {0}};
static const filter_rec input_filters[] = {{"FUZZ", input, FTYPE_RESOURCE}, {0}};
static const char *const mutexes[] = {"fuzz", NULL};

AP_DECLARE_MODULE(.name = "mod_fuzz.c", .commands = commands, .output_filters = output_filters,
                  .input_filters = input_filters, .mutexes = mutexes)
