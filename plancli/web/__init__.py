"""The database of plans as a site, shown by Datasette: titles, descriptions, facets, questions."""

from plancli.web.door import address, is_loopback, opened, run
from plancli.web.site import site

__all__ = ["address", "is_loopback", "opened", "run", "site"]
