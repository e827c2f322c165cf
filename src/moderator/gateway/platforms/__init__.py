"""The configured accounts: what they report, what their lists show, how often they may be asked."""
