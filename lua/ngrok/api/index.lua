-- `make generate` writes this file, from the descriptions: by service the path of its resources. A name with
-- a dot is one in a group.
return {
  credentials = "/credentials",
  ssh_credentials = "/ssh_credentials",
}
