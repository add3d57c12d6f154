-- :checkhealth ngrok_credentials; the library has the answers. :checkhealth ngrok finds them by itself only
-- where the library lies on the runtime path, which a rock does not.
return require "ngrok.health"
