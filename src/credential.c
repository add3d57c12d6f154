/* The schema of a tunnel credential. Fields, their order and limits:
 * https://ngrok.com/docs/api/resources/tunnel-credentials/ */

#include "acl.h"
#include "schemas.h"

enum { on_create = NGROK_FIELD_CREATE, on_both = NGROK_FIELD_CREATE | NGROK_FIELD_UPDATE };

static const ngrok_field fields[] = {
    {.name = "id", .flags = NGROK_FIELD_REQUIRED},
    {.name = "uri"},
    {.name = "created_at"},
    {.name = "description", .flags = on_both, .max_bytes = 255},
    {.name = "metadata", .flags = on_both, .max_bytes = 4096},
    {.name = "token", .flags = NGROK_FIELD_ONCE},
    {.name = "acl", .type = NGROK_FIELD_STRINGS, .flags = on_both, .check = ngrok_acl_check},
    {.name = "owner_id", .flags = on_create},
    {.name = NULL},
};

const ngrok_schema ngrok_credential_schema = {
    .name = "credential",
    .metatable = "ngrok.credential",
    .fields = fields,
};

const ngrok_schema *const ngrok_schemas[] = {&ngrok_credential_schema, NULL};
