"""What builds and checks the project's own files; nothing here runs in the service."""
