"""The registry: agencies and regions that all plans share."""
