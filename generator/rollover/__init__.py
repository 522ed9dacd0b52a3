"""Next year's files from this year's."""
