"""Who may ask for what: tasks and roles, personal API keys, and the audit."""
