"""nianbao: annual reports on government information disclosure, from YAML to DOCX and text."""

__version__ = "0.2.0"
