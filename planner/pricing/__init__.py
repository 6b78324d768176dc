"""Retail prices: of offers, of a subscription now, and over twelve months."""
