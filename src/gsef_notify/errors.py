"""The base of every error that a user may cause and read."""


class GsefNotifyError(Exception):
    """A sentence for the user: what is wrong, where, and what to do instead.

    ``exit_code`` is what a command ends with when nothing handles the error: 1 for bad input,
    2 for wrong usage or settings.
    """

    exit_code = 1


class SettingsError(GsefNotifyError):
    """The command line or the settings are wrong."""

    exit_code = 2
