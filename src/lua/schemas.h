/* Every resource that the client knows: one line each. */
#ifndef NGROK_SCHEMAS_H
#define NGROK_SCHEMAS_H

#include "lua/resource.h"

extern const ngrok_schema ngrok_credential_schema;

/* Ends in NULL. */
extern const ngrok_schema *const ngrok_schemas[];

#endif
