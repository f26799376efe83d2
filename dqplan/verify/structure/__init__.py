"""Structure: the logical circuit is rebuilt from the joint program and matched with the input, at any size."""
