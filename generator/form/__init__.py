"""A statutory form: every file of it is found, read and verified here and nowhere else."""
