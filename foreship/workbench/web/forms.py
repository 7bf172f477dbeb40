"""Fields and buttons: each with its label, its fault beside it, and the browser's own checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from foreship.reports.markup import Content, Markup, element

__all__ = ["Choice", "Swap", "button", "field", "form", "hidden", "select"]


class Choice(NamedTuple):
    """One of several values."""

    value: str
    words: str


class Swap(NamedTuple):
    """Which part of the page an answer takes the place of."""

    target: str
    """as `#grid`"""
    how: str = "outerHTML"
    trigger: str = ""
    """what sets it off beside sending the form, as `change, input delay:200ms from:#search`"""
    include: str = ""
    refused: str = ""
    """where a refusal is shown, so that what was written stays; empty: as any answer"""


def form(
    action: str,
    *content: Content,
    method: str = "post",
    swap: Swap | None = None,
    upload: bool = False,
    label: str = "",
    role: str | None = None,
) -> Markup:
    """Write a form; without scripts it is sent as any form, with them by `swap`."""
    return element(
        "form",
        *content,
        action=action,
        method=method,
        enctype="multipart/form-data" if upload else None,
        aria_label=label or None,
        role=role,
        **_swapping(action, method, swap, upload=upload),
    )


def _swapping(action: str, method: str, swap: Swap | None, *, upload: bool) -> dict[str, object]:
    if swap is None:
        return {}
    return {
        f"hx_{method}": action,
        "hx_target": swap.target,
        "hx_swap": swap.how,
        "hx_trigger": swap.trigger or None,
        "hx_include": swap.include or None,
        "hx_encoding": "multipart/form-data" if upload else None,
        **_refusing(swap),
    }


def _refusing(swap: Swap) -> dict[str, object]:
    """Return where refusals go; a clash is no refusal but asks how to go on."""
    if not swap.refused:
        return {}
    beside = f"target:{swap.refused} swap:innerHTML"
    return {
        "hx_status:409": f"target:{swap.target} swap:{swap.how}",
        "hx_status:4xx": beside,
        "hx_status:5xx": beside,
    }


def field(
    name: str,
    label: Content,
    value: object = "",
    *,
    kind: str = "text",
    fault: str = "",
    help: str = "",  # noqa: A002
    **attributes: object,
) -> Markup:
    """Write a field under its label; a fault and a help are read out with it.

    Parameters
    ----------
    kind
        `text`, `search`, `number`, `date`, `file`, `textarea` or `checkbox`. Numbers and dates are
        shown with the marks of the browser's language and sent without them.
    attributes
        Further ones as `element` takes them: `min`, `max`, `step`, `required`, `maxlength`.
    """
    own = str(attributes.pop("id", f"field-{name}"))
    told = {f"{own}-help": help, f"{own}-fault": fault}
    shared = {
        "id": own,
        "name_": name,
        "aria_describedby": " ".join(key for key, words in told.items() if words) or None,
        "aria_invalid": "true" if fault else None,
        **attributes,
    }
    if kind == "textarea":
        entry = element("textarea", value, **shared)
    else:
        entry = element("input", type=kind, value=None if kind == "file" else value, **shared)
    return _labelled(own, label, entry, told)


def select(
    name: str,
    label: Content,
    choices: Iterable[Choice],
    chosen: str = "",
    *,
    fault: str = "",
    help: str = "",  # noqa: A002
    **attributes: object,
) -> Markup:
    """Write a list of values of which one is chosen."""
    own = str(attributes.pop("id", f"field-{name}"))
    told = {f"{own}-help": help, f"{own}-fault": fault}
    options = [_option(each, is_chosen=each.value == chosen) for each in choices]
    entry = element(
        "select",
        *options,
        id=own,
        name_=name,
        aria_describedby=" ".join(key for key, words in told.items() if words) or None,
        aria_invalid="true" if fault else None,
        **attributes,
    )
    return _labelled(own, label, entry, told)


def _option(choice: Choice, *, is_chosen: bool) -> Markup:
    selected = "" if is_chosen else None
    return element("option", choice.words, value=choice.value, selected=selected)


def _labelled(own: str, label: Content, entry: Markup, told: Mapping[str, str]) -> Markup:
    said: Sequence[Markup] = [
        element("span", words, id=key, class_="fault" if key.endswith("-fault") else "soft")
        for key, words in told.items()
        if words
    ]
    return element("div", element("label", label, for_=own), entry, *said, class_="field")


def hidden(**values: object) -> Markup:
    """Write values that travel with a form unseen; `_` at the end of a name is left out."""
    return Markup(
        "".join(
            element("input", type="hidden", name_=name.rstrip("_"), value=value)
            for name, value in values.items()
        )
    )


def button(words: Content, **attributes: object) -> Markup:
    """Write the button that sends its form; `name_` and `value` tell which one was pressed."""
    return element("button", words, type="submit", **attributes)
