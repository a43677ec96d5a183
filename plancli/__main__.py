"""``python -m plancli``."""

import sys

from plancli.cli import main

sys.exit(main())
