"""In which order a head prints the columns of a row: by the labels, never by the place alone.

A head's labels are read from the top and from the left. They are either printed level by level, as
in a table, or each block's label right before those below it, as where captions became one line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product


@dataclass
class _Node:
    """A label with those below it; ``place`` is the column of one that has none below."""

    label: str = ""
    below: dict[str, _Node] = field(default_factory=dict)
    place: int = -1

    def leaves(self) -> Iterator[_Node]:
        """Yield the columns in the order of ``below``."""
        if not self.below:
            yield self
        for node in self.below.values():
            yield from node.leaves()

    def labels(self) -> Iterator[str]:
        """Yield every label below this one."""
        for node in self.below.values():
            yield node.label
            yield from node.labels()


class _Unclear(Exception):
    """The labels do not name each column once within its block."""


def orders(chains: Sequence[tuple[str, ...]], printed: Sequence[str]) -> list[list[int]]:
    """Return the orders that printed labels may mean; ``order[i]`` is where column ``i`` stands.

    ``chains`` are the labels of each column, from the outermost; labels of others are passed over.
    """
    found: list[list[int]] = []
    for arranged, read in product(_arranged(chains), (_by_level, _by_block)):
        root = _tree(arranged)
        known = set(root.labels())
        try:
            read(root, [label for label in printed if label in known])
        except _Unclear:
            continue
        order = [0] * len(chains)
        for at, leaf in enumerate(root.leaves()):
            order[leaf.place] = at
        if order not in found:
            found.append(order)
    return found


def labels_by_block(chains: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the labels in the form's order, those of a block right behind its own."""
    return list(_tree(chains).labels())


def as_in_the_form(chains: Sequence[tuple[str, ...]], printed: Sequence[str]) -> bool:
    """Whether labels, some of which may be missing, stand in the form's order."""
    root = _tree(chains)
    known = set(root.labels())
    own = [label for label in printed if label in known]
    whole = Counter(root.labels())
    if any(1 < whole[label] != count for label, count in Counter(own).items()):
        return False  # which of the blocks a repeated label is missing from is open
    return any(_is_within(own, order) for order in (_levels(root), labels_by_block(chains)))


def _arranged(chains: Sequence[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    """Yield the chains, also with a column beside the label over all that may have parted it."""
    yield list(chains)
    is_over_all = len({chain[:1] for chain in chains}) == 1
    for place, chain in enumerate(chains):
        if is_over_all and len(chain) == 2:
            yield [*chains[:place], chain[1:], *chains[place + 1 :]]


def _tree(chains: Sequence[tuple[str, ...]]) -> _Node:
    root = _Node()
    for place, chain in enumerate(chains):
        node = root
        for label in chain:
            node = node.below.setdefault(label, _Node(label))
        node.place = place
    return root


def _by_level(root: _Node, labels: Sequence[str]) -> None:
    """Sort the tree as the labels have it, all of a level before those below them."""
    rest = list(labels)
    level = [root]
    while level:
        for node in level:
            own = rest[: len(node.below)]
            if len(node.below) == 1 and own != list(node.below):
                continue  # a label over all columns is often not printed
            if set(own) != set(node.below):
                raise _Unclear
            node.below = {label: node.below[label] for label in own}
            del rest[: len(own)]
        level = [below for node in level for below in node.below.values()]
    if rest:
        raise _Unclear


def _by_block(root: _Node, labels: Sequence[str]) -> None:
    """Sort the tree as the labels have it, those of a block right behind its own."""
    rest = list(labels)
    several = len(set(labels)) < len(labels)

    def sort(node: _Node) -> None:
        order: dict[str, _Node] = {}
        while len(order) < len(node.below):
            label = rest[0] if rest else ""
            below = node.below.get(label)
            if below is not None and label not in order:
                rest.pop(0)
            elif not several:
                # A block whose own label is not printed; its columns follow each other.
                below = next((n for n in node.below.values() if label in n.labels()), None)
                label = below.label if below else ""
            if below is None or label in order:
                raise _Unclear
            sort(below)
            order[label] = below
        node.below = order

    sort(root)
    if rest:
        raise _Unclear


def _levels(root: _Node) -> list[str]:
    found: list[str] = []
    level = [root]
    while level:
        level = [below for node in level for below in node.below.values()]
        found += [node.label for node in level]
    return found


def _is_within(labels: Sequence[str], whole: Sequence[str]) -> bool:
    rest = iter(whole)
    return all(any(label == other for other in rest) for label in labels)
