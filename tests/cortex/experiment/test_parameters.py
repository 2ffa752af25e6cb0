"""Declared parameters."""

import pickle
from typing import Literal, Self

import pytest
from brian2 import Hz, ms
from pydantic import model_validator

from cortex.errors import UsageError
from cortex.experiment.parameters import Parameters, Quantity, parameter
from cortex.experiment.registry import Registry

TEACHERS = Registry("teacher", {"target": 1.0, "shuffled": 2.0})


class Copying(Parameters):
    """A section."""

    rate: Quantity = parameter("20 Hz", "Rate of copying.", bounds=("1 Hz", "200 Hz"), source="Song 2000")
    trace: Quantity = parameter("20 ms", "Presynaptic trace.", bounds=("1 ms", None))
    rule: Literal["hebb", "pair_stdp", "delta"] = parameter("hebb", "Learning rule.")
    share: float = parameter(0.1, "A share.", bounds=(0, 1))
    low: float = parameter(0.0, "Less than high.")
    high: float = parameter(1.0, "More than low.")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low {self.low} is not below high {self.high}")
        return self


class Normalization(Parameters):
    """Another section."""

    enabled: bool = parameter(True, "Whether there is a hold.")
    reach: Quantity = parameter("70/cm^2", "A density.")
    teacher: str = parameter("target", "Who teaches.", choices=TEACHERS, per_run=False)
    cells: int = parameter(3, "How many.", per_run=False)
    left: float = parameter(0.2, "What is left.", constant=False)
    shared: bool = parameter(False, "Whether it is shared.", constant=True)


class Pair(Parameters):
    """A whole set."""

    copies: int = parameter(2, "Cells.", bounds=(1, 10), per_run=False)
    digits: tuple[int, ...] = parameter((2, 3), "Trained digits.", bounds=(1, 5))
    sites: tuple[str, ...] = parameter(("tip",), "Trained sites.")
    copying: Copying = Copying(rate="30 Hz")
    normalization: Normalization = Normalization()


def problems(changes: dict[str, object]) -> dict[str, str]:
    """The sentence for each parameter that will not do."""
    with pytest.raises(UsageError) as caught:
        Pair().override(changes)
    return {name: text.strip() for name, text in (line.split(maxsplit=1) for line in caught.value.problems)}


def test_names_are_dotted() -> None:
    assert Pair.names()[:5] == ["copies", "digits", "sites", "copying.rate", "copying.trace"]


def test_text_defaults_are_quantities() -> None:
    pair = Pair()
    assert pair.copying.trace == 20 * ms
    assert pair.get("copying.rate") == 30 * Hz


def test_override_reads_text_and_leaves_the_original() -> None:
    pair = Pair()
    typed = {"copying.rate": "0.1 kHz", "digits": "1, 4", "normalization.enabled": "no", "copying.rule": "delta"}
    changed = pair.override({**typed, "copies": 3, "copying.trace": 5 * ms})
    assert changed.copying.rate == 100 * Hz
    assert changed.digits == (1, 4)
    assert changed.normalization.enabled is False
    assert changed.copying.rule == "delta"
    assert changed.copies == 3
    assert changed.copying.trace == 5 * ms
    assert pair == Pair()


def test_only_sections_with_changes_are_made_anew() -> None:
    pair = Pair()
    changed = pair.override({"copying.rate": "40 Hz"})
    assert changed.normalization is pair.normalization
    assert [prefix for prefix, _ in changed.sections(beside=pair)] == ["", "copying."]
    assert changed.changes_as_text(pair)["copying.rate"] == "40 Hz"
    assert pair.as_text() | changed.changes_as_text(pair) == changed.as_text()


def test_text_comes_back_exactly() -> None:
    changes = {"copying.share": 1 / 3, "copying.trace": "12.3456789012345 ms", "normalization.reach": "0.1/mm^2"}
    changed = Pair().override(changes)
    again = Pair().override(changed.as_text())
    assert again == changed
    assert again.as_text() == changed.as_text()
    assert float(again.copying.trace) == float(changed.copying.trace)


def test_text_is_in_the_declared_unit() -> None:
    text = Pair().override({"copying.rate": "0.1 kHz", "normalization.reach": "1/mm^2"}).as_text()
    assert (text["copying.rate"], text["normalization.reach"], text["digits"]) == ("100 Hz", "100/cm^2", "2,3")


def test_all_problems_are_told_at_once() -> None:
    messages = problems(
        {
            "normalisation.enabled": "no",
            "copying": "3",
            "copying.rate": "20 ms",
            "copying.trace": "20",
            "copying.rule": "heb",
            "copying.share": "2.0",
            "copies": "2.5",
            "digits": "2,9",
            "normalization.enabled": "perhaps",
            "normalization.teacher": "targt",
            "zebra": "1",
        }
    )
    assert messages["normalisation.enabled"] == "no such parameter; did you mean normalization.enabled?"
    assert messages["copying"].startswith("is a section; it holds copying.rate, copying.trace")
    assert messages["copying.rate"] == '"20 ms" is a time; give a rate such as "20 Hz"'
    assert messages["copying.trace"] == '"20" has no unit; give a time such as "20 ms"'
    assert messages["copying.rule"] == '"heb" is none of hebb, pair_stdp, delta; did you mean hebb?'
    assert messages["copying.share"].startswith("2.0 is above the upper bound 1")
    assert messages["copies"] == '"2.5" is not a whole number'
    assert messages["digits"].startswith("9 is above the upper bound 5")
    assert messages["normalization.enabled"] == '"perhaps" is not true or false'
    assert messages["normalization.teacher"] == '"targt" is none of target, shuffled; did you mean target?'
    assert messages["zebra"] == "no such parameter"


@pytest.mark.parametrize("value", ["nan", "inf", "fast", "", "__import__('os').getcwd()"])
def test_what_is_no_number_is_refused(value: str) -> None:
    assert "number" in problems({"copying.share": value})["copying.share"]


def test_lower_bounds_hold_and_an_open_side_is_open() -> None:
    assert "0.5 ms is below the lower bound 1 ms" in problems({"copying.trace": "0.5 ms"})["copying.trace"]
    assert Pair().override({"copying.trace": "1000 s"}).copying.trace == 1e6 * ms


def test_a_section_may_check_its_fields_together() -> None:
    assert problems({"copying.low": "2"}) == {"copying": "low 2.0 is not below high 1.0"}


def test_describe() -> None:
    rows = {row.name: row for row in Pair().describe()}
    rate, rule = rows["copying.rate"], rows["copying.rule"]
    assert (rate.value_text, rate.unit_text, rate.bounds_text) == ("30", "Hz", "1 Hz .. 200 Hz")
    assert (rate.sentence, rate.source) == ("Rate of copying.", "Song 2000")
    assert rule.bounds_text == "hebb | pair_stdp | delta"
    assert rows["copying.trace"].bounds_text == "1 ms .."
    assert rows["normalization.teacher"].bounds_text == "target | shuffled"


def test_a_name_registered_later_can_be_chosen() -> None:
    teachers = Registry("teacher", {"target": 1.0})

    class Taught(Parameters):
        teacher: str = parameter("target", "Who teaches.", choices=teachers)

    with pytest.raises(UsageError, match='"mine" is none of target'):
        Taught().override({"teacher": "mine"})
    teachers.register("mine", 3.0)
    assert Taught().override({"teacher": "mine"}).teacher == "mine"
    assert Taught().describe()[0].bounds_text == "target | mine"


def test_definitions_are_those_of_the_names_that_decide_how_a_network_is_built() -> None:
    assert Pair().definitions() == {"normalization.teacher": 1.0}
    assert Pair().override({"normalization.teacher": "shuffled"}).definitions() == {"normalization.teacher": 2.0}


def test_constants_are_the_numbers_that_vary_from_run_to_run_unless_said_otherwise() -> None:
    assert Copying.constants() == ["rate", "trace", "share", "low", "high"]
    assert Normalization.constants() == ["reach", "shared"]


def test_parameters_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Pair().copies = 3


def test_parameters_travel_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(Pair())) == Pair()
