"""People as cards, for a room that has all the place there is."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from moderator.desktop.room.people_delegate import MARGIN_PX, ROW_PX, PeopleDelegate
from moderator.desktop.room.people_model import Index

CARD_PX: Final = 64
GAP_PX: Final = 8
_RADIUS: Final = 8
_State = QStyle.StateFlag


class PersonCards(PeopleDelegate):
    """The same as in rows, each on a ground of its own."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, CARD_PX + GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        card = area.adjusted(MARGIN_PX, GAP_PX // 2, -MARGIN_PX, -GAP_PX // 2)
        self._card(painter, card, option.state)
        inside = QStyleOptionViewItem(option)
        inside.rect = QRect(card.left(), card.top() + (CARD_PX - ROW_PX) // 2, card.width(), ROW_PX)
        super().paint(painter, inside, index)

    def _card(self, painter: QPainter, card: QRect, state: QStyle.StateFlag) -> None:
        theme = self._look.theme
        selected = bool(state & _State.State_Selected)
        hovered = bool(state & _State.State_MouseOver)
        focused = selected and bool(state & _State.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent if focused else theme.line), 2 if focused else 1))
        painter.setBrush(QColor(theme.selection if selected else theme.hover if hovered else theme.raised))
        painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.restore()

    def _ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        """The card is there already."""
