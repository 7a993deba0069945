"""A program as an Excel file (.xlsx), by calamine: what the fields show, as it was saved. No formula is
calculated and no macro is run."""

import io

from python_calamine import CalamineError, CalamineWorkbook

from gsef_notify.program.draft import DraftSession
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.archive import check_archive
from gsef_notify.readers.source import Source
from gsef_notify.readers.tables import table
from gsef_notify.readers.tables.columns import TableRow
from gsef_notify.readers.text import Unreadable

MOST_FIELDS = 2_000_000


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of the first sheet that holds anything. Raises Unreadable."""
    check_archive(source.content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.content))
        sheets = (workbook.get_sheet_by_index(number) for number in range(len(workbook.sheet_names)))
        sheet = next((sheet for sheet in sheets if sheet.height), None)
        if sheet is None:
            raise Unreadable("its sheets are empty", "save the table again")
        if sheet.height * sheet.width > MOST_FIELDS:
            raise Unreadable(f"more than {MOST_FIELDS} fields", "take out what is no part of the program")
        top = (sheet.start or (0, 0))[0] + 1
        rows = [
            TableRow(row, Place(source.path, number)) for number, row in enumerate(sheet.to_python(), top)
        ]
    except (CalamineError, ValueError, KeyError, OSError) as error:
        raise Unreadable("this is no Excel file, or a damaged one", "save it as .xlsx again") from error
    return table.understand(source, rows, problems)
