"""
Texts that neetoCal stores in another form than the program's, such as with blanks squeezed, in HTML or escaped.

Nobody outside the vendor knows which forms there are, so none is named here. A stored text is a form of the one that
was sent if it is neither that one nor what neetoCal held before, and not empty. If what it held before isn't known, or
is what it still holds, the two texts must also have the same letters: then only the form can have changed.

The state keeps such a form under `NORMALIZED`, and everywhere else an object has its program's words: whoever reads an
answer brings it into those first, so that nothing else needs to know of forms.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from neetocal_provider.api.objects import Forms, Pairs, RemoteObject
from neetocal_provider.schema.fields import Field
from neetocal_provider.schema.resource import NORMALIZED, Properties, Schema
from neetocal_provider.schema.types import Options, PropertyType, Text, has_same_letters, has_unknown

__all__ = [
    "in_declared_words",
    "learned",
    "may_be_stored_as",
    "normalized",
    "recorded_forms",
    "stored_items",
    "translated",
]


def recorded_forms(props: Properties, schema: Schema) -> Forms:
    """
    Return the forms that these outputs hold; those of older releases hold none.
    """
    kept = {name: form for name, form in props.get(NORMALIZED, {}).items() if name in schema.by_name and name in props}
    return {name: _pairs(schema.by_name[name], props[name], form) for name, form in kept.items()}


def normalized(props: Properties, forms: Forms, schema: Schema) -> dict[str, Any]:
    """
    Return what the state keeps under `NORMALIZED` of these properties: for each that has a form, its stored form.
    """
    known = [name for name in forms if name in props and not has_unknown(props[name])]
    found = {name: stored_items(schema.by_name[name], props[name], forms[name]) for name in known}
    return {
        name: items if _is_list(schema.by_name[name]) else items[0]
        for name, items in found.items()
        if not _are_equal(schema.by_name[name], items, _items(schema.by_name[name], props[name]))
    }


def learned(field: Field, sent: Any, stored: Any, before: Sequence[Any] | None) -> Pairs:
    """
    Return the forms in which neetoCal stores what was sent, one pair for each text or option that has another.

    Args:
        before: the texts or options that neetoCal may have held until then; None if that isn't known.
    """
    missing = _surplus(field, _items(field, sent), _items(field, stored))
    extra = _surplus(field, _items(field, stored), _items(field, sent))
    found, left = [], []
    for item in missing:
        form = next((each for each in extra if _is_form(field, item, each, has_same_letters)), None)
        if form is None:
            left.append(item)
        else:
            extra.remove(form)
            found.append((item, form))
    new = [] if before is None else _surplus(field, extra, before)
    pairs = [(item, form) for item in left for form in new if _is_form(field, item, form)]
    # Of several, nobody knows which is whose.
    return (*found, *(pair for pair in pairs if sum(pair[0] is one or pair[1] is other for one, other in pairs) == 1))


def in_declared_words(remote: RemoteObject, forms: Forms, schema: Schema) -> RemoteObject:
    """
    Return an object as it was answered with the program's words for what neetoCal stores in these forms.

    Its own forms are then those that it has; of what the answer doesn't mention, all are kept.
    """
    values = dict(remote.values)
    used = {name: pairs for name, pairs in forms.items() if name not in values}
    for name in forms.keys() & values.keys():
        field = schema.by_name[name]
        items, used[name] = translated(field, _items(field, values[name]), forms[name])
        values[name] = items if _is_list(field) else next(iter(items), values[name])
    return replace(remote, values=values, forms=used)


def translated(field: Field, items: Sequence[Any], pairs: Pairs) -> tuple[list[Any], Pairs]:
    """
    Return stored texts or options in the program's words, and the pairs that these come from.
    """
    left, used, found = list(pairs), [], []
    for item in items:
        pair = next((each for each in left if _identity(field, each[1]) == _identity(field, item)), None)
        if pair is not None:
            left.remove(pair)
            used.append(pair)
        found.append(item if pair is None else _as_declared(field, pair[0], item))
    return found, tuple(used)


def stored_items(field: Field, value: Any, pairs: Pairs = ()) -> list[Any]:
    """
    Return the texts or options of a declared value as neetoCal stores them.
    """
    stored, _ = translated(field, _items(field, value), tuple((after, before) for before, after in pairs))
    return stored


def may_be_stored_as(field: Field, sent: Any, stored: Any) -> bool:
    """
    Whether a stored value means what was sent, or is a form of it with the same letters.
    """
    return _is_form(field, sent, stored, has_same_letters)


def _pairs(field: Field, declared: Any, stored: Any) -> Pairs:
    both = zip(_items(field, declared), _items(field, stored), strict=False)
    return tuple(pair for pair in both if _identity(field, pair[0]) != _identity(field, pair[1]))


def _is_form(field: Field, sent: Any, stored: Any, is_alike: Callable[[str, str], bool] = lambda *_: True) -> bool:
    return all(
        kind.canonical(one) == kind.canonical(other) or (_may_become(kind, one, other) and is_alike(one, other))
        for kind, one, other in _parts(field, sent, stored)
    )


def _may_become(kind: PropertyType, sent: Any, stored: Any) -> bool:
    are_texts = isinstance(sent, str) and isinstance(stored, str)
    return are_texts and isinstance(kind, Text) and kind.may_become(sent, stored)


def _parts(field: Field, one: Any, other: Any) -> Iterable[tuple[PropertyType, Any, Any]]:
    if not isinstance(field.type, Options):
        return [(field.type, one, other)]
    kinds = field.type.fields.items()
    return [(kind, one.get(key), other.get(key)) for key, kind in kinds if key != "is_default"]


def _as_declared(field: Field, declared: Any, stored: Any) -> Any:
    return {**declared, "is_default": stored.get("is_default", False)} if _is_list(field) else declared


def _surplus(field: Field, items: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    """
    Return the items that are not among others, each of which stands for one.
    """
    pool = [_identity(field, each) for each in others]
    surplus = []
    for item in items:
        if (found := _identity(field, item)) in pool:
            pool.remove(found)
        else:
            surplus.append(item)
    return surplus


def _are_equal(field: Field, items: Sequence[Any], others: Sequence[Any]) -> bool:
    return [_identity(field, each) for each in items] == [_identity(field, each) for each in others]


def _identity(field: Field, item: Any) -> Hashable:
    """
    Return what makes a text or an option itself, whether or not it is the default.
    """
    if isinstance(field.type, Options):
        return field.type.canonical_option({**item, "is_default": False})
    return field.type.canonical(item)


def _items(field: Field, value: Any) -> Sequence[Any]:
    if _is_list(field):
        return value or ()
    return () if value is None else (value,)


def _is_list(field: Field) -> bool:
    return isinstance(field.type, Options)
