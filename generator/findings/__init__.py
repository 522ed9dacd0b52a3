"""Findings in words: printed, for programs, explained."""
