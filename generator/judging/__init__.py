"""What is wrong with a report, and on what basis."""
