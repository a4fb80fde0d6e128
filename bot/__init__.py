"""Kruzhok: a chatbot for parents about the certificate that pays for children's clubs."""

import gc

gc.set_threshold(50_000, 20, 50)
"""A collection for each 700 new objects, the interpreter's habit, would be a third of the turns' time, which leave few cycles behind, and a
seventh of what the imports take."""
