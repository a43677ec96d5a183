"""Report how documents were read: coverage and diagnostics."""
