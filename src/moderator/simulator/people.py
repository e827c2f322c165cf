"""Who meets whom: names, roles and kinds of appointments. Invented; a likeness to real persons is an accident."""

import random
from typing import Final

from msgspec import Struct

from moderator.simulator.world import Person

_FAMILIES: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("Amara", "Chidi", "Ngozi", "Tunde"), ("Adeyemi", "Okonkwo", "Balogun", "Eze")),
    (("Léa", "Étienne", "Maëlle", "Gaspard"), ("Delacroix-Beaumont", "Roussel", "Lefèvre", "Charpentier")),
    (("Aarav", "Priya", "Sunita", "Venkataramanan"), ("Iyer", "Chatterjee", "Raghunathan", "Deshmukh")),
    (("Mateo", "Lucía", "María del Carmen", "Joaquín"), ("Villanueva Ortega", "Ríos", "Peña", "Echeverría")),
    (("Håkon", "Sølvi", "Ingrid", "Torbjørn"), ("Nygård", "Østby", "Lindqvist", "Halvorsen")),
    (("Zeynep", "Emre", "Ayşe", "Çağlar"), ("Demirkol", "Öztürk", "Şahin", "Güneşoğlu")),
    (("Oksana", "Bohdan", "Wojciech", "Małgorzata"), ("Kovalenko", "Wiśniewska-Dąbrowska", "Zieliński", "Moroz")),
    (("Misaki", "Kenta", "Yutong", "Zhiming"), ("Satō", "Yamaguchi", "Lin", "Chén")),
    (("Yusuf", "Layla", "Nour", "Abdulrahman"), ("Haddad", "Al-Khatib", "Mansour", "Benali")),
    (("Grace", "Owen", "Siobhán", "Duncan"), ("Whitfield", "Okafor-Jones", "Ní Bhriain", "Macallister")),
)
"""Given names and family names that go together, by part of the world."""


class Appointment(Struct, frozen=True):
    """A kind of appointment for two: the host comes first."""

    name: str
    minutes: int
    host: str
    visitor: str


APPOINTMENTS: Final = (
    Appointment("consultation", 60, "specialist", "patient"),
    Appointment("checkup", 10, "specialist", "patient"),
    Appointment("lesson", 60, "tutor", "student"),
    Appointment("advice", 30, "advisor", "client"),
    Appointment("exam", 60, "examiner", "candidate"),
    Appointment("lesson", 45, "tutor", "student"),
    Appointment("followup", 20, "specialist", "patient"),
)
"""Taken in turn, so that any twenty rooms hold some of each. Nobody plans more than 60 minutes."""
KINDS: Final = tuple(dict.fromkeys(one.name for one in APPOINTMENTS))
"""What people meet for."""


class Crowd:
    """Makes up people; no two of them have the same user id."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._made = 0

    def person(self, role: str) -> Person:
        """Somebody new."""
        self._made += 1
        given, family = self._rng.choice(_FAMILIES)
        name = f"{self._rng.choice(given)} {self._rng.choice(family)}"
        return Person(f"{role}-{self._made:04}", f"Dr {name}" if role == "specialist" else name, role)
