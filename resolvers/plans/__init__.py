"""Plans of a customer: asked for, made, saved, decided on, and where each stands."""
