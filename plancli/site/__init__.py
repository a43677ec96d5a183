"""The database of plans as a site, shown by Datasette: titles, descriptions, facets, questions."""

from plancli.site.app import build_site
from plancli.site.server import bind_socket, format_url, is_loopback, run_server

__all__ = ["bind_socket", "build_site", "format_url", "is_loopback", "run_server"]
