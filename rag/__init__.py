"""The core: what a question, passage, hit, citation and answer are, and the path between them."""
