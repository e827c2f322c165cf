"""Windows beside the main one: the audit, what policies would have done, and how well somebody was connected."""
