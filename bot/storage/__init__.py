"""The only SQL. Nothing writes but through the desk."""
