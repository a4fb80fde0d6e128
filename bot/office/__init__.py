"""The staff's web pages. Until they are built, the staff decide on the command line (`bot/terminal`)."""
