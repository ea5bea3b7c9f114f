/* Any host function by its number: its name, the letters of its parameters (host-api/src/generate/calls.rs) and its call
 * with core arguments. */
#include "apache_module.h"
#include "calls.h"

typedef struct {
    const char *name, *parameters;
    char answer;
} shape;

static const shape shapes[] = {
#define X(name, parameters, answer, call) {#name, parameters, answer},
    EACH_FUNCTION(X)
#undef X
};

#define SHAPES (sizeof shapes / sizeof *shapes)

static int64_t invoke(unsigned number, const int64_t *a)
{
    switch (number) {
#define P(n) ((void *)(uintptr_t)a[n])
#define U(n) ((uint32_t)a[n])
#define I(n) ((int32_t)a[n])
#define L(n) (a[n])
#define X(name, parameters, answer, call) \
    case __COUNTER__ - FIRST_CASE: return call;
        enum { FIRST_CASE = __COUNTER__ + 1 };
        EACH_FUNCTION(X)
    }
    return 0;
}
