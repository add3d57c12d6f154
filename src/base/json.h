/* JSON (RFC 8259) where it lies in memory: where its values begin and end, what its strings spell,
 * and how strings and numbers are written.
 *
 * Reading allocates nothing. A value is a slice of the text, which belongs to the caller and must
 * outlive it. Control characters in strings are taken as they are,
 * but for NUL. */
#ifndef NGROK_JSON_TEXT_H
#define NGROK_JSON_TEXT_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* A value without the space around it. Its first byte tells its kind: { [ " t f n, or a number. */
typedef struct ngrok_json {
    const char *text;
    size_t length; /* 0: absent */
} ngrok_json;

/* The value of a text that is JSON; false where it is not, or is nested deeper than 1000 levels. */
bool ngrok_json_parse(const char *text, size_t length, ngrok_json *value);

/* A walk over the items of an array, or the members of an object, in a text that was parsed:
 * `at` is where the next value begins, and behind the container after the last. A value there is
 * either taken, or it is entered; then the walk goes on from where the inner walk has ended. */
typedef struct ngrok_json_walk {
    const char *at, *end; /* the latter of the text */
} ngrok_json_walk;

ngrok_json_walk ngrok_json_enter(const char *container, const char *end);
/* False at the end. */
bool ngrok_json_next_item(ngrok_json_walk *walk);
bool ngrok_json_next_member(ngrok_json_walk *walk, ngrok_json *name);
ngrok_json ngrok_json_take(ngrok_json_walk *walk);

/* Whether it has the kind of that first byte; '0' stands for numbers. */
bool ngrok_json_is(ngrok_json value, char kind);

/* True for {} and []; the slice may go on behind it. */
bool ngrok_json_is_empty(ngrok_json container);

/* Whether a string spells that text. */
bool ngrok_json_spells(ngrok_json string, const char *text, size_t length);

/* Writes what a string spells, as UTF-8, and returns how many bytes that is: at most as many as the
 * string has. */
size_t ngrok_json_unescape(ngrok_json string, char *out);

/* Append the JSON form of a string, and of a number. False when memory ran out. */
bool ngrok_json_append_string(ngrok_buffer *out, const char *text, size_t length);
bool ngrok_json_append_number(ngrok_buffer *out, double number);

#endif
