"""Plans for a whole customer: the best order of steps that takes every subscription to its goal."""
