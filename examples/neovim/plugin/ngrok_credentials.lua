-- :NgrokCredentials lists the account's tunnel credentials in a buffer: see lua/ngrok_credentials.
if vim.g.loaded_ngrok_credentials then
  return
end
vim.g.loaded_ngrok_credentials = true

vim.api.nvim_create_user_command("NgrokCredentials", function()
  require("ngrok_credentials").open()
end, { desc = "List and revoke ngrok tunnel credentials" })
