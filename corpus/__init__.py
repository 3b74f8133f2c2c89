"""The lesson, the question sets, and how a document becomes passages."""
