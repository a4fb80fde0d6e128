"""What the staff does in the office beside deciding: writes to an audience, minds accounts, names, texts and the population."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain import municipality, published, staff
from bot.domain.announcement import Announce, Audience, StopAnnouncement
from bot.domain.catalogue import Direction
from bot.domain.certificate import CertificateKind
from bot.domain.messages import administrator, operator
from bot.domain.population import Living, SetPopulation


class Office:
    """Each deed picks what it is about from the tables, wishes it, and looks no further."""

    def __init__(self, town: Any) -> None:
        self.town, self.chance = town, town.chance

    def acts(self) -> None:
        """One deed."""
        deeds = list(DEEDS)
        self.chance.choices(deeds, [DEEDS[deed] for deed in deeds])[0](self)

    def announces(self) -> None:
        """Or stops what goes out."""
        going = self.town.one("SELECT id, municipality FROM announcement WHERE state = 'going' ORDER BY id")
        if going and self.chance.random() < 0.3:
            self.town.does(StopAnnouncement(going[0]), operator(going[1]))
            return
        place = self.chance.choice(self.town.places)
        [district, *_others] = self.town.one("SELECT id FROM district WHERE municipality = ? ORDER BY id", place)
        whom = self.chance.choice(
            (
                Audience(),
                Audience(district=district),
                Audience(direction=self.chance.choice(tuple(Direction))),
                Audience(kind=CertificateKind.FUNDED, age_min=7, age_max=12),
            )
        )
        english = self.chance.choice(("", "Come to the fair of clubs."))
        self.town.does(Announce(place, "Приходите на ярмарку кружков.", english, whom), operator(place))

    def minds_accounts(self) -> None:
        known = self.town.one("SELECT id FROM staff ORDER BY id")
        place = self.chance.choice(self.town.places)
        wish: Any = staff.AddStaff(f"clerk{self.town.keys}", "Орлова", staff.StaffRole.OPERATOR, "hash", place)
        if known and self.chance.random() < 0.8:
            wish = self.chance.choice(
                (
                    staff.SetPassword(known[0], "another"),
                    staff.SetSecondFactor(known[0], ""),
                    staff.DisableStaff(known[0], self.chance.random() < 0.5),
                    staff.SignOutEverywhere(known[0]),
                )
            )
        self.town.does(wish, administrator())

    def corrects(self) -> None:
        """A name, a text, how many children live there."""
        place = self.chance.choice(self.town.places)
        name, zone = self.town.rows("SELECT name, zone FROM municipality WHERE id = ?", place)[0]
        [district] = self.town.one("SELECT id FROM district WHERE municipality = ? ORDER BY id", place)
        text = self.town.one("SELECT id, title FROM municipality_text WHERE municipality = ? ORDER BY id", place)
        living = tuple(Living(district, age, sex, self.chance.randrange(900)) for age in (7, 8) for sex in "fm")
        wishes = [
            (municipality.ChangeMunicipality(place, name.removesuffix("!") + "!", zone), administrator()),
            (municipality.RenameDistrict(district, f"Квартал {self.chance.randrange(9)}"), operator(place)),
            (SetPopulation(place, self.chance.choice((2026, 2027)), living), operator(place)),
        ]
        if text:
            wishes.append((published.ChangeText(*text, "Теперь иначе."), operator(place)))
        self.town.does(*self.chance.choice(wishes))


DEEDS: Mapping[Callable[[Office], None], float] = {
    Office.announces: 1,
    Office.minds_accounts: 0.5,
    Office.corrects: 1,
}
"""What is done → how often, against each other."""
