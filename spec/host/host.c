/* A Lua module for specs. It makes other Lua states in this process, and lets their memory or that
 * of our C run out. It searches our C's memory for secrets, at any time and when it is freed. The
 * comment before a function says what Lua calls it with.
 *
 * The module must be loaded so that others find its functions: package.loadlib(path, "*"). */
#define NGROK_SPEC_HOST

#include "allocation.h"
#include "base/compat.h"

#include <ctype.h>
#include <limits.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>

#define STATE "ngrok.spec.state"

/* Which allocations fail. It counts only while it is armed. */
typedef struct supply {
    bool armed, lasting;
    long left, count;
} supply;

static bool refuses(supply *self) {
    if (!self->armed) {
        return false;
    }
    self->count++;
    if (self->left > 0) {
        self->left--;
        return false;
    }
    if (!self->lasting) {
        self->left = LONG_MAX;
    }
    return true;
}

static void arm(lua_State *L, int index, supply *self) {
    *self = (supply){
        .armed = true,
        .left = (long)luaL_checknumber(L, index),
        .lasting = lua_toboolean(L, index + 1),
    };
}

static int disarm(lua_State *L, supply *self) {
    lua_pushinteger(L, (lua_Integer)self->count);
    *self = (supply){0};
    return 1;
}

/* ---- our C's memory ---- */

static supply ours;

/* Stands before each block of ours. The list lets all be searched. */
typedef struct header {
    struct header *next, *previous;
    size_t size;
} header;

typedef union front {
    header note;
    max_align_t alignment;
} front;

static header *first;
static long blocks;

enum { most_secrets = 4, longest_secret = 255, piece = 8 };
static char secrets[most_secrets][longest_secret + 1];
static long given_back;
static char example[512];

static bool same(const char *a, const char *b, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i])) {
            return false;
        }
    }
    return true;
}

static bool has_piece_of(const char *secret, const char *bytes, size_t size) {
    size_t length = strlen(secret);
    for (size_t at = 0; at + piece <= size; at++) {
        for (size_t i = 0; i + piece <= length; i++) {
            if (same(bytes + at, secret + i, piece)) {
                return true;
            }
        }
    }
    return false;
}

static bool has_secret(const header *block) {
    const char *bytes = (const char *)((const front *)block + 1);
    for (size_t i = 0; i < most_secrets; i++) {
        if (has_piece_of(secrets[i], bytes, block->size)) {
            return true;
        }
    }
    return false;
}

/* The size and the text show where such a block comes from. */
static void note(const header *block) {
    const char *bytes = (const char *)((const front *)block + 1);
    int used = snprintf(example, sizeof example, "%zu bytes: ", block->size);
    for (size_t i = 0; i < block->size && (size_t)used + 1 < sizeof example; i++) {
        example[used++] = isprint((unsigned char)bytes[i]) ? bytes[i] : '.';
    }
    example[used] = '\0';
}

static void release(void *bytes) {
    if (bytes == NULL) {
        return;
    }
    header *block = &((front *)bytes - 1)->note;
    if (has_secret(block) && given_back++ == 0) {
        note(block);
    }
    *(block->previous != NULL ? &block->previous->next : &first) = block->next;
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
    blocks--;
    free(block);
}

/* Filled, so that a search finds nothing of earlier blocks. */
static void *take(size_t size, int fill) {
    front *block = malloc(sizeof *block + size);
    if (block == NULL) {
        return NULL;
    }
    memset(block + 1, fill, size);
    block->note = (header){.next = first, .size = size};
    if (first != NULL) {
        first->previous = &block->note;
    }
    first = &block->note;
    blocks++;
    return block + 1;
}

NGROK_EXPORT void *ngrok_spec_malloc(size_t size) {
    return refuses(&ours) ? NULL : take(size, 0xA5);
}

NGROK_EXPORT void *ngrok_spec_calloc(size_t count, size_t size) {
    return refuses(&ours) ? NULL : take(count * size, 0);
}

/* Always moves, as any realloc may. */
NGROK_EXPORT void *ngrok_spec_realloc(void *block, size_t size) {
    void *moved = ngrok_spec_malloc(size);
    if (moved != NULL && block != NULL) {
        size_t old = ((front *)block - 1)->note.size;
        memcpy(moved, block, old < size ? old : size);
        release(block);
    }
    return moved;
}

NGROK_EXPORT void ngrok_spec_free(void *block) {
    release(block);
}

/* host.watch(secret, ...): looks for eight bytes of any of them, in either case, in each block that
 * our C frees from now on. */
static int host_watch(lua_State *L) {
    int count = lua_gettop(L);
    luaL_argcheck(L, count <= most_secrets, count, "too many");
    memset(secrets, 0, sizeof secrets);
    for (int i = 0; i < count; i++) {
        size_t length;
        const char *secret = luaL_checklstring(L, i + 1, &length);
        luaL_argcheck(L, length >= piece && length <= longest_secret, i + 1, "too short or long");
        memcpy(secrets[i], secret, length);
    }
    given_back = 0;
    return 0;
}

/* host.given_back() -> count of freed blocks that had one, and the text of the first. */
static int host_given_back(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)given_back);
    lua_pushstring(L, given_back > 0 ? example : NULL);
    return 2;
}

/* host.kept() -> count of blocks in use that have one. */
static int host_kept(lua_State *L) {
    lua_Integer count = 0;
    for (const header *block = first; block != NULL; block = block->next) {
        count += has_secret(block) ? 1 : 0;
    }
    lua_pushinteger(L, count);
    return 1;
}

/* host.fail(after, lasting): lets that many allocations succeed, then fails one, or (lasting) all
 * that come. */
static int host_fail(lua_State *L) {
    arm(L, 1, &ours);
    return 0;
}

/* host.relent() -> count of allocations since `fail`; nothing fails any more. */
static int host_relent(lua_State *L) {
    return disarm(L, &ours);
}

/* host.blocks() -> count of those that are not freed. */
static int host_blocks(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)blocks);
    return 1;
}

/* ---- a Lua's memory ---- */

typedef struct state {
    lua_State *L;
    lua_Alloc allocate; /* Lua's own */
    void *context;
    supply supply;
} state;

/* Shrinking never fails, as Lua relies on that. LuaJIT (2.1) writes behind a stack that it could
 * not make larger, before it raises, so there only new blocks are refused. */
static const bool may_refuse_growth = LUA_VERSION_NUM > 501;

static void *allocate(void *context, void *block, size_t old, size_t new) {
    state *self = context;
    bool grows = new > 0 && (block == NULL || (new > old &&may_refuse_growth));
    if (grows && refuses(&self->supply)) {
        return NULL;
    }
    return self->allocate(self->context, block, old, new);
}

static state *check_state(lua_State *L) {
    state *self = luaL_checkudata(L, 1, STATE);
    if (self->L == NULL) {
        luaL_error(L, "this state is closed");
    }
    return self;
}

/* host.state() -> state */
static int host_state(lua_State *L) {
    state *self = compat_newuserdata(L, sizeof *self);
    *self = (state){0};
    compat_setmetatable(L, STATE);
    self->L = luaL_newstate();
    if (self->L == NULL) {
        return luaL_error(L, "out of memory");
    }
    luaL_openlibs(self->L);
    self->allocate = lua_getallocf(self->L, &self->context);
    lua_setallocf(self->L, allocate, self);
    return 1;
}

/* state:run(chunk, ...) -> true, string | false, message. Arguments and result are strings. The
 * chunk is loaded and its arguments are put there with memory to spare; `supply` counts from the
 * call on, and what the call returns is read after it has ended. */
static int state_run(lua_State *L) {
    state *self = check_state(L);
    supply later = self->supply;
    size_t length;
    const char *chunk = luaL_checklstring(L, 2, &length);
    int arguments = lua_gettop(L) - 2;
    self->supply.armed = false;
    bool fine = luaL_loadbuffer(self->L, chunk, length, "=chunk") == NGROK_LUA_OK;
    if (fine) {
        luaL_checkstack(self->L, arguments + 1, "arguments");
        for (int i = 0; i < arguments; i++) {
            lua_pushstring(self->L, luaL_checkstring(L, 3 + i));
        }
        self->supply = later;
        fine = lua_pcall(self->L, arguments, 1, 0) == NGROK_LUA_OK;
        later = self->supply;
        self->supply.armed = false;
    }
    lua_pushboolean(L, fine);
    if (lua_isstring(self->L, -1)) {
        lua_pushstring(L, lua_tostring(self->L, -1));
    } else {
        lua_pushnil(L);
    }
    lua_settop(self->L, 0);
    self->supply = later;
    return 2;
}

/* state:fail(after, lasting), state:relent() -> count: as those of host, for this Lua's memory. */
static int state_fail(lua_State *L) {
    arm(L, 2, &check_state(L)->supply);
    return 0;
}

static int state_relent(lua_State *L) {
    return disarm(L, &check_state(L)->supply);
}

/* With its own allocator back, which LuaJIT frees as a whole. */
static int state_close(lua_State *L) {
    state *self = luaL_checkudata(L, 1, STATE);
    if (self->L != NULL) {
        lua_setallocf(self->L, self->allocate, self->context);
        lua_close(self->L);
        self->L = NULL;
    }
    return 0;
}

static const luaL_Reg methods[] = {
    {"run", state_run},     {"fail", state_fail}, {"relent", state_relent},
    {"close", state_close}, {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__gc", state_close},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"state", host_state},   {"fail", host_fail},   {"relent", host_relent},
    {"blocks", host_blocks}, {"watch", host_watch}, {"given_back", host_given_back},
    {"kept", host_kept},     {NULL, NULL},
};

NGROK_EXPORT int luaopen_host(lua_State *L);

NGROK_EXPORT int luaopen_host(lua_State *L) {
    compat_newmetatable(L, STATE, metamethods);
    lua_newtable(L);
    compat_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_newtable(L);
    compat_setfuncs(L, functions);
    return 1;
}
