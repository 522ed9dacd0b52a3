"""A new office's first file, and next year's file from this year's."""
