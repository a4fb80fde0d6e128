"""States as earlier versions have stored them, one file each: what rests in a database must load in every later version."""
