"""Titles in quotes, of every kind that the sheets use."""

import re

_OPEN, _INSIDE, _CLOSE = '[«“「『"]', '[^«»“”「」『』"]', '[»”」』"]'
QUOTED = re.compile(f"{_OPEN}({_INSIDE}{{3,200}}){_CLOSE}")
WHOLLY_QUOTED = re.compile(f"{_OPEN}({_INSIDE}+){_CLOSE}")
