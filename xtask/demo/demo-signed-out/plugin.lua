-- An error that says what to do, as a plugin should.
return {
  id = "demo-signed-out",
  probe = function()
    error("Not signed in. Run `storage login` and refresh.", 0)
  end,
}
