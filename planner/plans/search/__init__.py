"""How the acts of a plan are found: situations, what opens the next, and the best of all."""
