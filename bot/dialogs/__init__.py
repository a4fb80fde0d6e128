"""What a parent reads and taps. Pure: knows no messenger and no database."""
