"""A short campaign of spoilt files; ``make fuzz`` runs the long one."""

from tests.readers.fuzzing import campaign


def test_spoilt_files_end_in_programs_or_problems() -> None:
    outcome = campaign(inputs=400, seed=2026)
    assert outcome.failures == []
    assert outcome.counts["read"] > 20
    assert outcome.counts["refused"] > 100
