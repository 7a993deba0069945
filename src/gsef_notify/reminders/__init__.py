"""Program, rules and people -> what is due when. Pure."""
