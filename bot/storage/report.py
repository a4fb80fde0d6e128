"""Reports (R10): who answers which question. They look at many rows, so they are read beside whatever is being written."""

from typing import Any

from bot.domain.messages import Command, Query
from bot.domain.report import Coverage, MoneyByMonth, ProvidersByRating, ReadScope, RequestsByState, WhatIsUndone
from bot.storage.population import DOERS as POPULATION_DOERS
from bot.storage.population import READERS as POPULATION_READERS
from bot.storage.report_coverage import coverage
from bot.storage.report_lists import providers_by_rating, requests_by_state, what_is_undone
from bot.storage.report_money import money_by_month
from bot.storage.report_scope import read_scope
from bot.storage.tx import Doer, Reader

READERS: dict[type[Query[Any]], Reader] = {
    ReadScope: read_scope,
    Coverage: coverage,
    MoneyByMonth: money_by_month,
    RequestsByState: requests_by_state,
    ProvidersByRating: providers_by_rating,
    WhatIsUndone: what_is_undone,
    **POPULATION_READERS,
}
DOERS: dict[type[Command], Doer] = {**POPULATION_DOERS}
