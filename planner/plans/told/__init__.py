"""How the acts of a plan are told: steps, what they need, calls, words."""
