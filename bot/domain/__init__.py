"""The rules: pure values and functions of the standard library; no I/O, no clock, no words for people."""
