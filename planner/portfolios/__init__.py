"""All customers at once: best ways, readiness, money, calendars and waves."""
