"""The head of a small sheet: two speakers, and a session from 18:00 in Seoul to the end that is given."""


def head(until: str) -> str:
    return f"""Session title: Nets
Date / Duration: October 8th, 2021 (18:00-{until} KST)
Where to join: https://x.org
Moderator: Cai Moreau (South Korea)
Speakers
| | Organization | Name (Country) | Presentation |
|---|---|---|---|
| Speaker 1 | Union | Ada Nyong (South Korea) | Nets that last |
| Speaker 2 | Union | Bo Lind (South Korea) | Soup |
Program
"""
