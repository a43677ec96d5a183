"""Every command on poor terminals and odd systems: real processes, and laws that they keep."""
