local core = require "ngrok.core"
local ngrok = require "ngrok"

local key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB2i alan@example.com"

describe("SSH credentials", function()
  local client, requests, response

  before_each(function()
    requests = {}
    response = ('{"id":"sshcr_1","description":"","public_key":%s,"acl":["bind:x.example.com"]}')
      :format(core.json(key))
    client = assert(ngrok.client { api_key = "ak1_ssh", transport = function(attempt)
      requests[#requests + 1] = ("%s %s %s"):format(attempt.method, attempt.url, attempt.body)
      return { status = 200, headers = {}, body = response }
    end })
  end)

  after_each(function()
    client:close()
  end)

  it("are created with their public key, and not without", function()
    local made, err = client.ssh_credentials:create { description = "x" }
    assert.is_nil(made)
    assert.equal("ssh_credentials.create failed: public_key is required (invalid, validate, not_sent)",
      tostring(err))
    made = assert(client.ssh_credentials:create { public_key = key, acl = {} })
    assert.equal("ngrok.ssh_credential: sshcr_1", tostring(made))
    assert.equal(key, made.public_key)
    assert.same({ ("POST https://api.ngrok.com/ssh_credentials %s"):format(
      '{"public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB2i alan@example.com","acl":[]}') }, requests)
  end)

  it("are read, changed, deleted and listed by their service and their objects", function()
    local one = assert(client.ssh_credentials:get "sshcr_1")
    assert(one:update { metadata = "m" })
    assert(one:reload())
    assert.is_true(one:delete())
    response = '{"ssh_credentials":[{"id":"sshcr_2"}]}'
    assert.equal("sshcr_2", client.ssh_credentials:list({ limit = 5 }):next().id)
    local url = "https://api.ngrok.com/ssh_credentials"
    assert.same({
      ("GET %s/sshcr_1 nil"):format(url), ('PATCH %s/sshcr_1 {"metadata":"m"}'):format(url),
      ("GET %s/sshcr_1 nil"):format(url), ("DELETE %s/sshcr_1 nil"):format(url),
      ("GET %s?limit=5 nil"):format(url),
    }, requests)
  end)

  it("keep their public key", function()
    local one = assert(client.ssh_credentials:get "sshcr_1")
    local fine, err = pcall(one.update, one, { public_key = key })
    assert.is_false(fine)
    assert.matches("unknown attribute 'public_key' for update", err, 1, true)
  end)

  it("have rules that are checked as those of tunnel credentials", function()
    local _, err = client.ssh_credentials:create { public_key = key, acl = { "bind" } }
    assert.matches("^acl%[1%] is not a valid rule", err.message)
  end)
end)
