"""Reports as streams of rows: paths, blockers, options, plans and the whole portfolio."""
