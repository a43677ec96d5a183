"""The world the tests run in: a cache of their own, the shipped plan, and a small made-up one."""

import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import settings

from plancli import files, source, store
from plancli.cli import main
from plancli.model import Plan
from plancli.registry import Registry

settings.register_profile("ci", derandomize=True)  # a run says of the code, not of chance
if os.environ.get("CI"):
    settings.load_profile("ci")
HERE = Path(__file__).parent
SMALL = HERE / "small.yaml"


@pytest.fixture(autouse=True)
def world(monkeypatch, tmp_path_factory):
    """English, 80 columns, no colour, and one cache for the whole run."""
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("PLANCLI_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("PLANCLI_PLAN", raising=False)


@pytest.fixture(scope="session")
def known() -> Registry:
    return source.registry(*map(files.read, files.REGISTRIES))


@pytest.fixture(scope="session")
def plan(known) -> Plan:
    return source.plan(files.read(files.SHIPPED), "plan2022.yaml", known)


@pytest.fixture
def db() -> sqlite3.Connection:
    return store.open_plans((), note=lambda message: pytest.fail(message))


@pytest.fixture
def run(capsysbinary):
    """``run("agency", "省能源局")`` returns (exit code, stdout, stderr)."""

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        out, err = capsysbinary.readouterr()
        return int(code), out.decode(), err.decode()

    return run
