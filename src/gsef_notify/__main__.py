"""``python -m gsef_notify``."""

import sys

from gsef_notify.cli import main

sys.exit(main())
