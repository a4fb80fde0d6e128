"""What was stored by any version loads in this one; what cannot be understood says so, and the conversation goes Home (test_turn.py)."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.dialogs.codec import CannotLoad, decode, encode
from bot.dialogs.conversation import Talk
from bot.dialogs.core import State
from tests.stored_states.samples import SNILS, Paper, sample, states

FOLDER = Path(__file__).parent
STORED = sorted(FOLDER.glob("*.json"), key=lambda path: path.name)


def load(stored: Any) -> State[Any]:
    return decode(State, json.dumps(stored), Paper())


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_state_loads_and_is_stored_again_with_all_that_it_had(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    state = load(stored)
    again = json.loads(encode(state, Paper()))
    assert load(again) == state
    kept = {field.name for field in fields(state)}  # type: ignore[arg-type]  # every state is a dataclass
    assert all(_holds(again[name], value) for name, value in stored.items() if name in kept)


def _holds(again: Any, stored: Any) -> bool:
    """Whether a value inside a state, too, has all that it had; what came later has its defaults beside it."""
    if isinstance(stored, dict):
        return all(name in again and _holds(again[name], value) for name, value in stored.items())
    return bool(again == stored)


@pytest.mark.parametrize("name", states())
def test_every_state_has_a_sample_in_its_present_form(name: str) -> None:
    present = json.loads(encode(sample(states()[name]), Paper()))
    stored = [json.loads(path.read_text(encoding="utf-8")) for path in STORED if path.name.startswith(f"{name}.")]
    assert present in stored, "run python -m tests.stored_states.renew, and keep the older files"


@pytest.mark.parametrize("name", states())
def test_a_whole_conversation_survives_a_restart_in_any_state(name: str) -> None:
    state = sample(states()[name])
    talk = Talk(state, (state, state), state, 7, (("1", "Да"),))
    assert decode(Talk, encode(talk, Paper()), Paper()) == talk


@pytest.mark.parametrize(
    "broken",
    [
        {"is": "StateOfTomorrow"},
        {"is": "ReadProgram"},
        {"is": "ReadProgram", "program": "twelve"},
        {"is": "ReadProgram", "program": None},
        {"is": "GiveConsent", "then": {"is": "StateOfTomorrow"}},
        {"program": 12},
        [],
        None,
        "ReadProgram",
    ],
    ids=str,
)
def test_what_cannot_be_understood_is_refused_by_name_and_never_half_loaded(broken: Any) -> None:
    with pytest.raises(CannotLoad) as refusal:
        load(broken)
    assert SNILS not in str(refusal.value)


def test_a_field_of_a_later_version_is_left_aside() -> None:
    assert load({"is": "ReadProgram", "program": 12, "mood": "curious"}) == load({"is": "ReadProgram", "program": 12})


def test_a_secret_never_rests_in_plain_words() -> None:
    for path in STORED:
        assert SNILS not in path.read_text(encoding="utf-8"), path.name
