"""The sample portfolio: made-up companies that show what there is to see."""
