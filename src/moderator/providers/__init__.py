"""How each platform is spoken to. One package per platform, found through the entry points `moderator.providers`."""
