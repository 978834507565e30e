"""Pages for people: server-rendered, complete without scripts, and livelier with them."""
