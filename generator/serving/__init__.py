"""The page to work on: reports in the browser beside their findings, filled in without YAML.

The file stays the truth. Nothing is kept here that is not in it, but what can be found again:

    workspace   which offices and years there are, known by ids; how far each of them is
    desk        one report as it is on the disk now, with its version, a digest of its bytes;
                a change is made on a version, and refused when the file has another by then
    wishes      what a page asks for → a change of the text (``drafting.edits``, ``edit_prose``)
    making      new offices and years, imports, documents to take away
    marked      the report as it is published, every place in it named
    figures, prose, findings, overview   what a page shows, as the templates want it
    live        what has changed on the disk, told to every open page
    door        who may come in: this user, from this machine, by pages of our own
    app         addresses → answers, and ``run``

Every page is rendered here. After a change, wherever it was made, the browser is given the whole
page anew and takes over what differs (``page/morph.js``); so there is one way to show a thing, and
a figure being typed is judged like a saved one, by the same checks, before it is saved. Requests
name offices by ids, places by the keys within a file, and versions by digests: never a path of the
file system.
"""
