"""The field's abbreviations and their expansions, both ways.

The shipped list is ``abbreviations.yaml`` beside this file; a knowledge base adds its own in
``kb.toml``. An abbreviation with several meanings stands under ``ambiguous`` there and is never
merged with any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from kb.errors import SettingsError
from kb.text.tokens import Token, tokenise


@dataclass(frozen=True)
class Abbreviation:
    """One short form, its expansions, and the newer short form that took its place.

    With ``capitals`` the short form counts only in capitals, because in small letters it is an
    ordinary word ("IT", "CARE").
    """

    short: str
    long: tuple[str, ...]
    successor: str | None = None
    capitals: bool = False


@dataclass(frozen=True)
class Mention:
    """An abbreviation found in a text, in its short or a long form (character offsets)."""

    short: str
    start: int
    end: int
    is_long: bool


class Abbreviations:
    """A list of abbreviations, ready to be looked up and found in text."""

    def __init__(
        self, abbreviations: Iterable[Abbreviation], ambiguous: Mapping[str, Sequence[str]]
    ) -> None:
        """Index the abbreviations by short form and by the words of each long form."""
        self.ambiguous = {short: tuple(meanings) for short, meanings in ambiguous.items()}
        self.by_short: dict[str, Abbreviation] = {}
        for abbreviation in abbreviations:
            known = self.by_short.get(abbreviation.short.casefold())
            if known:
                abbreviation = Abbreviation(  # noqa: PLW2901  (own expansions join shipped ones)
                    known.short,
                    tuple(dict.fromkeys(known.long + abbreviation.long)),
                    abbreviation.successor or known.successor,
                    known.capitals,
                )
            self.by_short[abbreviation.short.casefold()] = abbreviation
        self._forms: dict[str, list[tuple[tuple[str, ...], Abbreviation, bool]]] = {}
        for abbreviation in self.by_short.values():
            self._index(abbreviation.short, abbreviation, is_long=False)
            for long in abbreviation.long:
                self._index(long, abbreviation, is_long=True)
        for forms in self._forms.values():
            forms.sort(key=lambda form: len(form[0]), reverse=True)
        self.longest = max((len(forms[0][0]) for forms in self._forms.values()), default=1)
        self._by_first: dict[str, tuple[tuple[tuple[str, ...], Abbreviation, bool], ...]] = {}
        self._seconds = _Seconds(self._beginning_with)

    def _index(self, form: str, abbreviation: Abbreviation, *, is_long: bool) -> None:
        words = tuple(token.text for token in tokenise(form))
        if not words:
            raise SettingsError(
                f"the abbreviation {abbreviation.short!r} has a form without a word: {form!r}",
                hint="Mend it under [abbreviations] in kb.toml.",
            )
        self._forms.setdefault(words[0], []).append((words, abbreviation, is_long))

    def get(self, short: str) -> Abbreviation | None:
        """The abbreviation with this short form, whatever its case, or None."""
        return self.by_short.get(short.casefold())

    def equivalents(self, short: str) -> tuple[str, ...]:
        """Everything that means the same: expansions, and forms that followed or went before."""
        abbreviation = self.get(short)
        if abbreviation is None:
            return ()
        kin = [
            other
            for other in self.by_short.values()
            if other is not abbreviation
            and (
                other.short == abbreviation.successor
                or other.successor == abbreviation.short
                or (abbreviation.successor and other.successor == abbreviation.successor)
            )
        ]
        forms = list(abbreviation.long)
        for other in kin:
            forms += [other.short, *other.long]
        return tuple(dict.fromkeys(forms))

    def find(self, text: str, tokens: Sequence[Token] | None = None) -> list[Mention]:
        """Every abbreviation in a text, short or long, longest form first, none overlapping.

        ``tokens`` are those of ``text``, where the caller has them already.
        """
        tokens = tokenise(text) if tokens is None else tokens
        words = [token.text for token in tokens]
        return [
            Mention(abbreviation.short, tokens[at].start, tokens[at + count - 1].end, is_long)
            for at, count, abbreviation, is_long in self.runs(
                words, lambda at: text[tokens[at].start : tokens[at].end]
            )
        ]

    def runs(
        self, words: Sequence[str], printed: Callable[[int], str]
    ) -> Iterator[tuple[int, int, Abbreviation, bool]]:
        """Every abbreviation among words in lower case, as ``find``.

        The number of its first word, how many there are, which it is, and whether this is a long
        form; ``printed`` gives a word as the text prints it.
        """
        seconds, free = self._seconds, 0
        for at in [at for at, word in enumerate(words) if seconds[word]]:
            after = words[at + 1] if at + 1 < len(words) else ""
            may = seconds[words[at]]
            if at >= free and ("" in may or after in may):
                found = self.at(words[at : at + self.longest], printed(at))
                if found is not None:
                    yield at, *found
                    free = at + found[0]

    def at(self, words: Sequence[str], printed: str) -> tuple[int, Abbreviation, bool] | None:
        """The abbreviation that begins with the first of these words, as a text prints it.

        How many words it has, which it is, and whether this is a long form; None for none.
        """
        for form, abbreviation, is_long in self._beginning_with(words[0]):
            capitals = abbreviation.short[: len(form[0])]
            if abbreviation.capitals and not is_long and not printed.startswith(capitals):
                continue
            rest = form[1:]  # the first word is one already
            if len(form) <= len(words) and (not rest or all(map(_is_form_of, words[1:], rest))):
                return len(form), abbreviation, is_long
        return None

    def may_begin(self, words: Sequence[str]) -> bool:
        """Whether a form, short or long, may begin with these words, or is one of fewer."""
        return any(
            all(map(_is_form_of, words, form)) for form, _, _ in self._beginning_with(words[0])
        )

    def _beginning_with(self, word: str) -> tuple[tuple[tuple[str, ...], Abbreviation, bool], ...]:
        """Every form whose first word this may be, in the order in which they are tried."""
        found = self._by_first.get(word)
        if found is None:
            keys = _singulars(word)
            found = tuple(form for key in keys for form in self._forms.get(key, ()))
            self._by_first[word] = found
        return found


class _Seconds(dict[str, frozenset[str]]):
    """What may follow a word in a form that it begins; "" where it may be a form by itself."""

    def __init__(
        self, forms: Callable[[str], Iterable[tuple[tuple[str, ...], Abbreviation, bool]]]
    ) -> None:
        """Ask for the forms that a word begins once."""
        self._forms = forms

    def __missing__(self, word: str) -> frozenset[str]:
        seconds = (form[1:2] for form, _, _ in self._forms(word))
        kinds = (_forms_of(second[0]) if second else ("",) for second in seconds)
        self[word] = frozenset(kind for some in kinds for kind in some)
        return self[word]


def _singulars(word: str) -> tuple[str, str, str]:
    """What a word may be a form of: itself, or with a plural or a possessive ending."""
    return word, word.removesuffix("s"), word.removesuffix("'s")


def _forms_of(word: str) -> tuple[str, str, str]:
    return word, word + "s", word + "'s"


def _is_form_of(word: str, of: str) -> bool:
    return word in _forms_of(of)


def _parse(
    data: Mapping[str, object], place: str
) -> tuple[list[Abbreviation], dict[str, list[str]]]:
    """Read the shape of ``abbreviations.yaml``, whose head explains it."""
    entries: list[Abbreviation] = []
    listed = data.get("abbreviations", {})
    if not isinstance(listed, Mapping):
        raise SettingsError("'abbreviations' must map a short form to its expansion", place=place)
    for short, value in listed.items():
        detail = value if isinstance(value, Mapping) else {"long": value}
        long = detail.get("long", ())
        forms = (long,) if isinstance(long, str) else tuple(long)
        if not forms or not all(isinstance(form, str) for form in forms):
            raise SettingsError(
                f"the abbreviation {short!r} needs its expansion as text", place=place
            )
        entries.append(
            Abbreviation(
                str(short), forms, detail.get("successor"), bool(detail.get("capitals", False))
            )
        )
    ambiguous = data.get("ambiguous", {})
    if not isinstance(ambiguous, Mapping):
        raise SettingsError("'ambiguous' must map a short form to its meanings", place=place)
    return entries, {str(short): list(meanings) for short, meanings in ambiguous.items()}


@lru_cache(maxsize=1)
def _shipped() -> tuple[list[Abbreviation], dict[str, list[str]]]:
    import yaml

    text = resources.files("kb.text").joinpath("abbreviations.yaml").read_text("utf-8")
    return _parse(yaml.load(text, Loader=yaml.CSafeLoader), "abbreviations.yaml")


def load_abbreviations(own: Mapping[str, object] | None = None) -> Abbreviations:
    """The shipped list, with a knowledge base's own added (``{SHORT: expansion, …}``)."""
    entries, ambiguous = _shipped()
    if own:
        added, _ = _parse({"abbreviations": own}, "kb.toml")
        entries = entries + added
        ambiguous = {s: m for s, m in ambiguous.items() if s not in own}
    return Abbreviations(entries, ambiguous)
