"""Why there is no path: causes as a tree, the frontier, and the fewest changes that open one."""
