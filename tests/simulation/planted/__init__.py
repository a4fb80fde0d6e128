"""Bugs that are planted one by one into a copy of the tree, to see whether the tests of a whole life find them."""
