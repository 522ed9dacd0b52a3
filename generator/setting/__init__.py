"""Report → document → bytes: one composer, a writer a format."""
