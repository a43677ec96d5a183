"""The database of plans as a site, shown by Datasette: titles, descriptions, facets, questions."""

from plancli.site.app import site
from plancli.site.server import address, is_loopback, opened, run

__all__ = ["address", "is_loopback", "opened", "run", "site"]
