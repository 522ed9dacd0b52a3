"""The county office's January: who has reported, letters, all figures of all members."""
