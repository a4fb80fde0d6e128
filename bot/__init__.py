"""Kruzhok: a chatbot for parents about the certificate that pays for children's clubs."""
