"""Settings, routes and the server's entry: the only room that knows all others."""
