"""Everything a person touches: chat page, command line, settings, and the parts put together."""
