"""The staff's commands on the command line: one file a feature, each command one command of the domain."""
