"""Where lesson text comes from; each source stands alone and implements `ports.Source`."""
