"""Agencies and regions that all plans share."""
