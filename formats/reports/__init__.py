"""What each report says: its lines and their columns (docs/reports.md)."""
