from msgspec.structs import replace
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from moderator.desktop.room.people_list import PersonRow, people_of
from moderator.desktop.room.people_model import PeopleModel
from tests.fakes.desktop import NOW, a_person, a_room


def rows(*names: str) -> tuple[PersonRow, ...]:
    return people_of(a_room(people=[a_person(name, name, joined_at=NOW + n) for n, name in enumerate(names)]))


def a_model(*names: str) -> PeopleModel:
    model = PeopleModel(lambda: NOW)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.show(rows(*names))
    return model


def test_who_is_meant_is_still_meant_after_the_order_changed(qapp: QApplication) -> None:
    model = a_model("a", "b", "c")
    meant = QPersistentModelIndex(model.index(1))
    model.show(rows("x", "c", "b"))
    assert (meant.row(), meant.data()) == (2, "b")


def test_who_left_for_good_is_not_replaced_by_another(qapp: QApplication) -> None:
    model = a_model("a", "b", "c")
    meant = QPersistentModelIndex(model.index(1))
    model.show(rows("a", "c"))
    assert not meant.isValid()


def test_the_same_people_are_only_painted_again(qapp: QApplication) -> None:
    model = a_model("a", "b")
    told: list[object] = []
    model.layoutChanged.connect(lambda: told.append("layout"))
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.show(rows("a", "b"))
    assert not told
    model.show([replace(row, role="tutor") for row in rows("a", "b")])
    assert told == [(0, 1)]


def test_a_row_can_be_heard(qapp: QApplication) -> None:
    model = a_model("Ana")  # an index does not keep its model
    index = model.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Ana, here 0 s"
    assert "connection: Ana" in index.data(Qt.ItemDataRole.ToolTipRole)
