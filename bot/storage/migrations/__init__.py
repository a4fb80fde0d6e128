"""Alembic's revisions: how a database of any past version becomes today's."""
