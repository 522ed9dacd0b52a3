"""Two years or two offices side by side."""
