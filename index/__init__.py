"""Passages become vectors and terms here, and are found again."""
