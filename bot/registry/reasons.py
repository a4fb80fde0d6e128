"""Why a cell, a line or a file was not taken: English sentences with {value}, translated by whoever shows them.

`N_` marks a sentence for extraction (`pybabel extract -k N_`) and changes nothing; this room knows no languages.
"""

SHOWN = 80  # characters of a value that a clerk needs in order to find it


def N_(sentence: str) -> str:
    return sentence


class Unclear(ValueError):
    """A value that cannot be understood: `reason` is a sentence of this module, `value` what stood there."""

    def __init__(self, reason: str, value: object = ""):
        written = str(value)
        self.reason = reason
        self.value = written if len(written) <= SHOWN else f"{written[:SHOWN]}…"
        super().__init__(reason.format(value=self.value))


# The whole file
EMPTY_FILE = N_("The file is empty. Fill in the template and send it again.")
TOO_BIG = N_("The file is too big ({value}). Split it into several files.")
TOO_MANY_ROWS = N_("The file has more than {value} rows. Split it into several files.")
TOO_MANY_COLUMNS = N_("The sheet is wider than {value} columns. Delete what stands far to the right and save it again.")
UNKNOWN_FORMAT = N_("This kind of file ({value}) cannot be read. Save the table as XLSX or CSV.")
OLD_WORKBOOK = N_("This is an old Excel file or one with a password. Save it as XLSX without a password.")
MACROS = N_("The file contains macros. Save it as an ordinary XLSX workbook.")
OTHER_FILES = N_(
    "The file takes values from other files or from the internet. Copy them in as plain values and save it again."
)
NO_RESULT = N_("The formula in cell {value} has no result. Open the file in a spreadsheet program and save it again.")
BROKEN_JSON = N_("The file is not valid JSON ({value}). Export it again.")
UNKNOWN_JSON = N_("The file is JSON, but neither of pfdo.ru nor an exchange of «Navigator».")
FAILED_ANSWER = N_("The portal has answered with an error instead of programs: {value}")
EXHAUSTING = N_(
    "The file takes too much memory or time to read. Save only the table that is needed, and send it again."
)
BROKEN_FILE = N_("The file is damaged and cannot be opened. Save it again in the program where it was made.")
NO_HEADER = N_("The row with the column names was not found. Take the names from the template.")
NO_ROWS = N_("There is nothing below the column names.")
MISSING_COLUMN = N_("The column “{value}” is missing. Add it, or take the template.")

# Columns
UNKNOWN_COLUMN = N_("The column “{value}” is not known and was left out.")
REPEATED_COLUMN = N_("The column “{value}” stands twice: the first one was taken.")

# Values
MISSING = N_("The cell is empty, but it must be filled in.")
FORMULA_ERROR = N_("The formula gives an error ({value}). Put the value itself into the cell.")
FORMULA = N_("“{value}” is a formula. Put the value itself into the cell.")
UNREADABLE = N_("Some characters of “{value}” are damaged. Write the text again and save the file in UTF-8.")
TOO_LONG = N_("The text is longer than {value} characters. Shorten it.")
NOT_A_NUMBER = N_("“{value}” is not a whole number.")
OUT_OF_RANGE = N_("{value} is outside what is possible here.")
NOT_AN_AGE = N_("“{value}” is not an age. Write whole years, for example: 7–9.")
AGE_BECAME_DATE = N_(
    "The spreadsheet turned the age into a date ({value}). Give the cell the text format and write it again."
)
IMPOSSIBLE_AGE = N_("Ages “{value}” are impossible. Write whole years from 3 to 18, the younger first.")
NOT_A_DATE = N_("“{value}” is not a date. Write it as 01.09.2026 or 2026-09-01.")
SHORT_YEAR = N_("“{value}” can be read in several ways. Write the year with four digits: 01.09.2026.")
NO_SUCH_DAY = N_("There is no such day as {value}.")
STOP_BEFORE_START = N_("The end ({value}) is before the start.")
NOT_MONEY = N_("“{value}” is not a price. Write rubles, for example: 1200,50.")
AMBIGUOUS_MONEY = N_("“{value}” can be read in several ways. Write rubles and kopecks as 1200,50.")
NOT_YES_OR_NO = N_("“{value}” is neither yes nor no.")
NOT_A_DIRECTION = N_("“{value}” is not one of the six directions.")
NOT_A_REGISTRY = N_("“{value}” is not one of the registries of programs.")
NOT_A_KIND = N_("“{value}” is not a kind of provider. Write: municipal, state, private or entrepreneur.")
UNKNOWN_KIND = N_("The kind of the provider is not told. Write: municipal, state, private or entrepreneur.")
MORE_FREE_THAN_SEATS = N_("There are {value} free seats, which is more than the group has.")
NOT_A_TIMETABLE = N_("“{value}” was not understood. Write the timetable as: Mon, Wed 15:00–16:30; Sat 10:00–11:30.")
TIME_WITHOUT_DAY = N_("“{value}” has a time, but no day of the week.")
DAY_WITHOUT_TIME = N_("“{value}” has a day of the week, but no time from–to.")
NOT_A_TIME = N_("“{value}” is not a time from–to within a day.")
NOT_A_SEX = N_("“{value}” is neither girls nor boys. Leave the cell empty if the children are not told apart.")

# Left out, while the row is taken
NOT_A_PHONE = N_("“{value}” is not a phone number and was left out.")
NOT_AN_EMAIL = N_("“{value}” is not an e-mail address and was left out.")
NOT_A_SITE = N_("“{value}” is not a site address and was left out.")
NOT_AN_INN = N_("“{value}” is not a tax number (INN) and was left out.")

OTHER_MUNICIPALITIES = N_("Rows of other municipalities were left out: {value}.")

# Rows that contradict each other
OTHER_PROGRAM = N_(
    "Row {value} describes the same program differently. Make both alike, or give the programs different numbers."
)
OTHER_MODULE = N_(
    "Row {value} describes the same module differently. Make both alike, or give the modules different numbers."
)
SAME_GROUP = N_("This group already stands in row {value}.")
COUNTED_ALREADY = N_("These children are counted in row {value} already.")
TOTAL_AND_PARTS = N_(
    "Row {value} counts the same children in another way: a total and its parts cannot stand together."
)

# Certificates with balances
NOT_A_CERTIFICATE = N_("“{value}” is not the number of a certificate. It has 10 digits.")
NOT_A_CERTIFICATE_KIND = N_("“{value}” is not a kind of certificate. Write: accounting or funded.")
NEITHER_M_NOR_F = N_("“{value}” is not a sex. Write: m or f.")
NOT_A_NAME = N_("“{value}” cannot be a part of a name.")
NAME_TOO_SHORT = N_("“{value}” is not a whole name. Write the surname and the first name.")
NAME_UNCLEAR = N_("“{value}”: it is not clear what is the surname and what the first name. Put commas between them.")
NO_MONEY_HERE = N_("A certificate of accounting carries no money, but {value} stands here.")
MORE_THAN_NOMINAL = N_("{value} is more than the nominal.")
SAME_NUMBER = N_("This number already stands in row {value}.")
SAME_CHILD = N_("A child of this name and birth date already stands in row {value}. One child has one certificate.")
OTHER_MUNICIPALITYS = N_("The certificate {value} belongs to another municipality.")
OTHER_CHILD = N_("The certificate {value} is another child's here: the birth date differs.")
CHILD_HAS_ONE = N_("A child of this name and birth date already has a certificate here. Look at both and decide.")
NOT_OF_AGE = N_("Born on {value}: too young or too old for a certificate.")
UNKNOWN_CATEGORY = N_(
    "The category “{value}” is not known. Add it in the office, or write its name as it stands there."
)
NO_PERIOD = N_("No period is open now, so that there is nowhere to put the money. Open the period first.")
OTHERWISE_HERE = N_(
    "Kind or category are different here ({value}). Change them in the office; the row was left as it is."
)
OTHER_BALANCE = N_("{value} was taken over before. Money is taken over once; the row was left as it is.")

# Seen when the registry is compared with the catalogue
UNKNOWN_MUNICIPALITY = N_("The municipality “{value}” is not known. Write its name as in the list of municipalities.")
OTHER_INN = N_("Another provider of the same name has the tax number {value}. Make the names or the numbers alike.")
SEATS_TAKEN = N_("{value} places are taken already: there cannot be fewer. The old number of places stays.")
UNKNOWN_DISTRICT = N_(
    "The district “{value}” is not known there. Write its name as in the list of districts, or add it."
)
NOT_YOUR_MUNICIPALITY = N_("“{value}” is another municipality. Its own operator imports it.")
