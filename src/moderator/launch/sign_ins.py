"""Where this user's sign-ins are kept, for the window and the commands alike."""

from moderator.client.credentials_store import CredentialsStore
from moderator.launch.folders import data_folder
from moderator.launch.sharing import OwnerLock


def kept_sign_ins() -> CredentialsStore:
    """The store of them. Raises OSError when there can be no such place."""
    folder = data_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return CredentialsStore(folder, OwnerLock(folder, "sign-ins.lock"))
