"""The menu of the rooms table's header: what to sort by, and which columns to show."""

from collections.abc import Callable

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from moderator.desktop.tables.columns import ALWAYS_SHOWN, menu_title
from moderator.desktop.tables.sorting import SORTABLE, Sort
from moderator.desktop.tables.table_layout import TableLayout
from moderator.language import tr


def header_menu(layout: TableLayout, arrange: Callable[[TableLayout], None], parent: QWidget) -> QMenu:
    """Every choice is a whole new layout, given to `arrange`."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addMenu(_sorting(layout, arrange, menu))
    menu.addSeparator()
    for column in layout.order:
        shown = _checkable(menu, menu_title(column), checked=column not in layout.hidden)
        shown.setEnabled(column not in ALWAYS_SHOWN)
        shown.triggered.connect(lambda _, column=column: arrange(layout.toggled(column)))
        menu.addAction(shown)
    menu.addSeparator()
    reset = menu.addAction(tr("Reset the table"))
    reset.triggered.connect(lambda: arrange(TableLayout()))
    return menu


def _sorting(layout: TableLayout, arrange: Callable[[TableLayout], None], parent: QMenu) -> QMenu:
    menu, group = QMenu(tr("Sort by"), parent), QActionGroup(parent)
    for column in layout.order:
        if column in SORTABLE:
            chosen = _checkable(menu, menu_title(column), checked=column == layout.sort.column)
            sort = Sort(column, reverse=layout.sort.reverse)
            chosen.triggered.connect(lambda _, sort=sort: arrange(replace(layout, sort=sort)))
            group.addAction(chosen)
            menu.addAction(chosen)
    menu.addSeparator()
    reverse = _checkable(menu, tr("Last first"), checked=layout.sort.reverse)
    turned = Sort(layout.sort.column, reverse=not layout.sort.reverse)
    reverse.triggered.connect(lambda: arrange(replace(layout, sort=turned)))
    menu.addAction(reverse)
    return menu


def _checkable(menu: QMenu, text: str, *, checked: bool) -> QAction:
    action = QAction(text, menu, checkable=True)
    action.setChecked(checked)
    return action
