"""Serve the database of plans as a web site, with Datasette."""

from plancli.site.app import build_site
from plancli.site.server import bind_socket, format_url, is_loopback, run_server

__all__ = ["bind_socket", "build_site", "format_url", "is_loopback", "run_server"]
