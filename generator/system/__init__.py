"""The machine below: files, git, processes."""
