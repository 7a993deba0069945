"""Session programs as iCalendar feeds and reminders, each in the reader's own time zone.

Every time-zone reader of the process (pytz, zoneinfo under icalendar and APScheduler) must know the same
release of the IANA data. pytz carries its own; zoneinfo would prefer whatever the system has, so it is told
here, before anything else is imported, to read the pinned ``tzdata`` package only.
"""

import os
import zoneinfo

os.environ["PYTHONTZPATH"] = ""
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
