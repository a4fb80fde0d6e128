"""A messenger that does nothing but load a bot: it hands out updates, takes replies, and measures. Fast, and forgiving about what it is sent."""
