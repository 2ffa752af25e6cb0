"""Patterns stored in an energy whose terms multiply two, three or four cells, and how many can be recalled."""
