"""One report with everything it stands on: figures, prose, last year's."""
