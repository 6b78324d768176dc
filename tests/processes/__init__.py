"""Servers, commands and PostgreSQL as processes of their own, and what is measured on one."""
