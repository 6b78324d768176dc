"""Questions about the catalog alone: offers, paths, comparisons, prices."""
