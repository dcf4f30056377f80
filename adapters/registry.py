"""This module finds adapters: those that ship with the project by name, others by the path of their declaration."""

import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

from adapters.declaration import Adapter
from hub.errors import Misconfigured

MODULES = {
    "entry-exit": "adapters.agencies.entry_exit",
    "alerts": "adapters.agencies.alerts",
    "asylum": "adapters.agencies.asylum",
    "blacklist": "adapters.agencies.blacklist",
    "eu-journal": "adapters.examples.eu_journal",
}
"""Each module holds its declaration under the name `ADAPTER`; it is imported only when it is asked for."""

REFERENCE = ("entry-exit", "alerts", "asylum", "blacklist")
"""The reference agencies of the local stack."""


def find(name: str) -> Adapter:
    """Give the adapter of a system, or the one that a `.py` file declares.

    Raises:
        Misconfigured: there is no such adapter, or the file declares none.
    """
    if name.endswith(".py"):
        return _declared_in(_load(Path(name)), name)
    if name not in MODULES:
        raise Misconfigured(f"There is no adapter {name!r}; choose of {', '.join(MODULES)}, or name a .py file.")
    return _declared_in(importlib.import_module(MODULES[name]), name)


def reference_adapters() -> list[Adapter]:
    """Give the adapters of the local stack's agencies."""
    return [find(name) for name in REFERENCE]


def _declared_in(module: ModuleType, name: str) -> Adapter:
    adapter = getattr(module, "ADAPTER", None)
    if not isinstance(adapter, Adapter):
        raise Misconfigured(f"{name} declares no adapter; assign it to the name ADAPTER.")
    return adapter


def _load(path: Path) -> ModuleType:
    if not path.is_file():
        raise Misconfigured(f"There is no file {path}; give the path of a declaration.")
    spec = importlib.util.spec_from_file_location(f"adapter_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise Misconfigured(f"The declaration {path} cannot be loaded ({type(error).__name__}: {error}).") from error
    return module
