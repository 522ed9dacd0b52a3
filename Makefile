# make        sets up .venv and builds examples/ into build/
# make test   sets up .venv and runs everything that CI runs

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: all test lint benchmark golden docs schemas screenshots wheel system-packages \
  windows-bundle clean

all: $(READY)
	$(BIN)/nianbao build examples -o build

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint
	$(BIN)/pytest -n auto

# Writes the golden files anew; read the difference before you commit it.
golden: $(READY)
	$(BIN)/pytest --quiet tests/test_examples.py tests/test_rendering.py --update-golden

# Writes the pages of documentation that are made from data.
docs: $(READY)
	$(BIN)/nianbao explain --markdown > docs/findings.md.new
	mv docs/findings.md.new docs/findings.md

# Takes the pictures of the page to work on that the documentation shows; needs chromium.
screenshots: $(READY)
	$(BIN)/python tests/screenshots.py
	$(BIN)/python tests/pictures.py

# Writes the schemas of reports, for editors, from the tables of the forms.
schemas: $(READY)
	$(BIN)/python -m generator.form.write_schemas

# A wheel and a source distribution, in dist/.
wheel: $(READY)
	$(BIN)/python -m build --outdir dist

# Prints the tables that docs/performance.md quotes; takes about ten minutes.
benchmark: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[benchmark]'
	$(BIN)/python benchmarks/builds.py
	$(BIN)/python benchmarks/check.py
	$(BIN)/python benchmarks/old_reports.py
	$(BIN)/python benchmarks/page.py
	$(BIN)/python benchmarks/formats.py
	$(BIN)/python benchmarks/county.py

# Debian's packages that some tests use: LibreOffice sets pages in five sets of fonts, poppler
# reads them; Chromium shows what is published, and the Nu checker runs on Java.
system-packages:
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  libreoffice-writer libreoffice-calc poppler-utils fonts-noto-cjk fonts-wqy-zenhei fonts-wqy-microhei \
	  fonts-arphic-uming fonts-arphic-gbsn00lp \
	  chromium default-jre-headless

# Puts together a folder that runs on Windows without an installer, from Python's embeddable package
# (python.org, python-3.x.y-embed-amd64.zip): make windows-bundle EMBED=FILE.zip
windows-bundle: $(READY)
	$(BIN)/python windows/bundle.py "$(EMBED)" build/windows

clean:
	rm -rf build $(VENV)
