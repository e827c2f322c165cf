"""A button that emits a wish, shows the key that does the same, and says why it is off."""

from PySide6.QtWidgets import QWidget

from moderator.desktop.actions.action import Action
from moderator.desktop.actions.key_bindings import KeyBindings, shown, with_key
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.icon_button import IconButton


class ActionButton(IconButton):
    """Made once; `allow` is called whenever the answer may be another."""

    def __init__(
        self, look: Look, text: str, parent: QWidget, *, icon: str = "", kind: str = "", key: str = "", tip: str = ""
    ) -> None:
        super().__init__(look, text, parent, icon=icon, kind=kind, key=key)
        self._tip = tip
        self._tip_key = ""
        self._why_not = ""
        self._said = ""
        """In the tooltip, last."""
        self._keys: KeyBindings | None = None
        self._action: Action | None = None
        self._with_cap = False
        self.allow("")

    def allow(self, why_not: str) -> None:
        """Let it be pressed, or say why not."""
        self._why_not = why_not
        self.setEnabled(not why_not)
        self.setAccessibleDescription(why_not)
        if (words := why_not or with_key(self._tip, self._tip_key)) != self._said:
            self._said = words
            self.setToolTip(plain_tip(words))

    def follow(self, keys: KeyBindings, action: Action, *, with_cap: bool = False) -> None:
        """It does what this action does: the key in force stands in its tooltip and, if wanted, on the button."""
        self.setProperty("action", action.id)
        self._keys, self._action, self._with_cap = keys, action, with_cap
        keys.changed.connect(self._show_key)
        self._show_key()

    def _show_key(self) -> None:
        if self._keys is None or self._action is None:
            return
        self._tip_key = shown(next(iter(self._keys.keys(self._action)), ""))
        if self._with_cap:
            self.set_key(self._tip_key)
        self.allow(self._why_not)
