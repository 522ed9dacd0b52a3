"""An old report, published as DOCX, HTML or plain text, into an office file of ours.

The way of the data: ``original`` finds out what a file is, ``read_docx``, ``read_html`` and
``read_text`` turn it into ``blocks`` (lines and raw tables), ``recognise`` finds the form, the
title and the parts, ``match`` puts the figures in their places, ``outline`` nests the prose,
``emit`` writes the YAML, ``importing`` does all of it for one file, ``sureness`` says how sure it
is. Spellings met in old documents are data: ``templates/<form>/import.yaml``.
"""
