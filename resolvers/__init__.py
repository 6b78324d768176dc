"""Use cases: one question each. They fetch through ports, ask the planner, return its values."""
