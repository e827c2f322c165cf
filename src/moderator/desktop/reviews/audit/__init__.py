"""The audit: what is looked for, its records, a copy of it, and whether it was changed."""
