/* Pools over linear memory: blocks in powers of two, kept on lists when they come back; knows nothing of what is stored
 * in them. */
#include "apache_module.h"

#define PAGE 65536u
#define SMALLEST 12 /* a block of 4 KB */
#define LARGEST 31

typedef struct block {
    struct block *next;
    uint32_t size_log;
    uint32_t unused[2]; /* what follows is aligned to 16 */
} block;

struct apr_pool_t {
    block *blocks; /* the last one is filled now */
    char *at;
    char *end;
};

static block *idle[LARGEST + 1];

#ifdef __wasi__
#include <stdlib.h>

/* The C library's own malloc has the memory. */
static char *grow(size_t size)
{
    char *given = malloc(size);
    if (!given) __builtin_trap();
    return given;
}
#else
static char *fresh, *fresh_end;
extern char __heap_base; /* the linker's: the end of static data and stack */

/* Memory that was never used. */
static char *grow(size_t size)
{
    if (!fresh) {
        fresh = (char *)(((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15);
        fresh_end = (char *)(__builtin_wasm_memory_size(0) * PAGE);
    }
    size_t left = (size_t)(fresh_end - fresh);
    if (left < size) {
        size_t pages = (size - left + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) __builtin_trap();
        fresh_end += pages * PAGE;
    }
    char *given = fresh;
    fresh += size;
    return given;
}
#endif

static block *take(size_t size)
{
    uint32_t size_log = SMALLEST;
    if (size >= (size_t)1 << LARGEST) __builtin_trap();
    while ((size_t)1 << size_log < size) size_log++;
    block *taken = idle[size_log];
    if (taken) idle[size_log] = taken->next;
    else taken = (block *)grow((size_t)1 << size_log);
    taken->size_log = size_log;
    return taken;
}

static void fill(apr_pool_t *pool, block *last)
{
    pool->blocks = last;
    pool->at = (char *)(last + 1);
    pool->end = (char *)last + ((size_t)1 << last->size_log);
}

/* The pool itself stands at the start of its first block. */
static void start(block *first)
{
    apr_pool_t *pool = (apr_pool_t *)(first + 1);
    first->next = NULL;
    fill(pool, first);
    pool->at += (sizeof(apr_pool_t) + 15) & ~(size_t)15;
}

apr_pool_t *apr_pool_create(void)
{
    block *first = take((size_t)1 << SMALLEST);
    start(first);
    return (apr_pool_t *)(first + 1);
}

void apr_pool_clear(apr_pool_t *pool)
{
    block *last = pool->blocks;
    while (last->next) {
        block *before = last->next;
        last->next = idle[last->size_log];
        idle[last->size_log] = last;
        last = before;
    }
    start(last);
}

void apr_pool_destroy(apr_pool_t *pool)
{
    apr_pool_clear(pool);
    block *first = pool->blocks;
    first->next = idle[first->size_log];
    idle[first->size_log] = first;
}

void *apr_palloc(apr_pool_t *pool, size_t size)
{
    if (size > (size_t)1 << LARGEST) __builtin_trap();
    size = (size + 15) & ~(size_t)15;
    if ((size_t)(pool->end - pool->at) < size) {
        block *more = take(size + sizeof(block));
        more->next = pool->blocks;
        fill(pool, more);
    }
    char *given = pool->at;
    pool->at += size;
    return given;
}

void *apr_pcalloc(apr_pool_t *pool, size_t size)
{
    return memset(apr_palloc(pool, size), 0, size);
}

static apr_pool_t *call;

apr_pool_t *ap_call_pool(void)
{
    if (!call) call = apr_pool_create();
    return call;
}

void ap_begin_call(void)
{
    if (call) apr_pool_clear(call);
}
