import pytest

pytest.importorskip("datasette")
