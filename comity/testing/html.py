"""What is wrong with a page, in sentences: the checks every page of every test passes through.

A page has a language, a title, one h1 and headings in order; ids are unique and what refers to one finds it;
every field has a label, every button, link and picture a name; forms that change something carry their token;
nothing is written that the content security policy would refuse; and a strict HTML parser finds no fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

REFERENCES = (
    "aria-labelledby",
    "aria-describedby",
    "aria-controls",
    "aria-errormessage",
    "for",
    "list",
    "form",
)
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# What stands apart from the words before and after it.
BLOCKS = {"p", "div", "li", "td", "th", "tr", "dt", "dd", "br", "option", "label"}
BLOCKS |= {"section", "article", "header", *HEADINGS}
NO_LABEL_NEEDED = {"hidden", "submit", "button", "reset", "image"}
# Kinds of parser complaint that html5lib, older than some of HTML, raises for what is valid today.
OUTDATED_COMPLAINTS = {"unexpected-start-tag-out-of-my-head"}


def problems_of_page(source: str) -> list[str]:
    """What is wrong with a whole page."""
    root, complaints = _parse(source, fragment=False)
    problems = [*complaints]
    if not root.get("lang"):
        problems.append("<html> does not say its language")
    titles = [text_within(title) for title in root.findall("./head/title")]
    if len(titles) != 1 or not titles[0]:
        problems.append(f"there should be one title with words in it: {titles}")
    headings = [text_within(heading) for heading in root.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        problems.append(f"there should be one h1 with words in it: {headings}")
    if len(list(root.iter("main"))) != 1:
        problems.append("there should be one <main>")
    return problems + _problems_anywhere(root)


def problems_of_fragment(source: str) -> list[str]:
    """What is wrong with a part of a page; the ids it refers to may stand outside it."""
    root, complaints = _parse(source, fragment=True)
    return complaints + [found for found in _problems_anywhere(root) if "which is not there" not in found]


def text_of(source: str) -> str:
    """What a person reads: the text of the body, with single spaces, without scripts and hidden words."""
    root, _ = _parse(source, fragment=False)
    return text_within(root.find("body"))


def text_within(element: Element | None) -> str:
    """The words in an element as one line."""
    return " ".join("".join(_texts(element)).split()) if element is not None else ""


def _texts(element: Element) -> Iterator[str]:
    if element.tag in {"script", "style", "template"}:
        return
    yield element.text or ""
    for child in element:
        if _is_element(child):
            yield from _texts(child)
        if child.tag in BLOCKS:
            yield " "
        yield child.tail or ""


def _parse(source: str, *, fragment: bool) -> tuple[Element, list[str]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parseFragment(source) if fragment else parser.parse(source)
    lines = source.splitlines()
    complaints = []
    for (line, _column), code, details in parser.errors:
        if code not in OUTDATED_COMPLAINTS:
            near = lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""
            complaints.append(f"not valid HTML: {code} {details or ''} near line {line}: {near}")
    return root, complaints


def _problems_anywhere(root: Element) -> list[str]:
    parents = {child: parent for parent in root.iter() for child in parent}
    elements = [element for element in root.iter() if _is_element(element)]
    ids = Counter(element.get("id") for element in elements if element.get("id") is not None)
    problems = [f"the id {name!r} is given {times} times" for name, times in ids.items() if times > 1]
    labelled = {element.get("for") for element in elements if element.tag == "label" and text_within(element)}
    level = 1
    for element in elements:
        problems += _refused_by_policy(element)
        problems += _dangling(element, ids)
        if _hidden(element, parents):
            continue
        problems += _nameless(element, parents, labelled)
        if element.tag in HEADINGS:
            now = int(element.tag[1])
            if now > level + 1:
                problems.append(f"h{now} {text_within(element)!r} follows h{level}: a level is left out")
            level = now
    return problems


def _refused_by_policy(element: Element) -> list[str]:
    """What the strict content security policy would not let run or show."""
    shown = _shown(element)
    names = list(element.attrib)
    found = [f"{shown} has an inline {name}" for name in names if name == "style" or name.startswith("on")]
    if element.tag == "style":
        found.append("there is an inline <style>")
    if element.tag == "script" and not element.get("src") and element.get("type") != "application/json":
        found.append("there is an inline <script>")
    found += [
        f"{shown} has a script in its {name}"
        for name in ("href", "src", "action", "hx-vals", "hx-headers")
        if (element.get(name) or "").strip().lower().startswith(("javascript:", "js:"))
    ]
    if any(name.startswith("hx-on") for name in names):
        found.append(f"{shown} has a script in an hx-on attribute")
    return found


def _dangling(element: Element, ids: Counter[str | None]) -> list[str]:
    """References to ids that the page does not have."""
    return [
        f"{_shown(element)} refers by {name} to #{target}, which is not there"
        for name in REFERENCES
        for target in (element.get(name) or "").split()
        if target not in ids
    ]


def _nameless(element: Element, parents: dict[Element, Element], labelled: set[str | None]) -> list[str]:
    """Fields without a label, and buttons, links and pictures without a name."""
    named = element.get("aria-label") or element.get("aria-labelledby") or element.get("title")
    shown = _shown(element)
    match element.tag:
        case "input" | "select" | "textarea":
            kind = (element.get("type") or "text").lower()
            if kind == "submit" and not (named or element.get("value")):
                return [f"{shown} is a button without a name"]
            if element.tag == "input" and kind in NO_LABEL_NEEDED:
                return []
            within = any(parent.tag == "label" for parent in _ancestors(element, parents))
            return [] if named or within or element.get("id") in labelled else [f"{shown} has no label"]
        case "button" | "a" | "summary":
            if element.tag == "a" and element.get("href") is None:
                return []
            return [] if named or _spoken(element) else [f"{shown} has no name"]
        case "img":
            return [] if element.get("alt") is not None else [f"{shown} has no alt"]
        case "form" if (element.get("method") or "get").lower() == "post":
            names = {field.get("name") for field in element.iter("input")}
            return [] if "csrfmiddlewaretoken" in names else [f"{shown} posts without its token"]
    return []


def _spoken(element: Element) -> str:
    """What a screen reader says of an element: its text, and the names of the pictures in it."""
    words = [text_within(element)]
    for inner in element.iter():
        if _is_element(inner) and inner is not element:
            words += [inner.get("aria-label") or "", inner.get("alt") or ""]
    return "".join(words).strip()


def _hidden(element: Element, parents: dict[Element, Element]) -> bool:
    return any(
        one.get("aria-hidden") == "true" or one.tag == "template"
        for one in (element, *_ancestors(element, parents))
    )


def _ancestors(element: Element, parents: dict[Element, Element]) -> Iterator[Element]:
    while (parent := parents.get(element)) is not None:
        yield parent
        element = parent


def _is_element(node: Element) -> bool:
    """Not a comment, whose tag is a function."""
    tag: object = node.tag
    return isinstance(tag, str)


def _shown(element: Element) -> str:
    """An element as a reader would point at it: <input name=q id=find>."""
    parts = [
        f"{name}={element.get(name)}" for name in ("id", "name", "href", "class", "type") if element.get(name)
    ]
    return f"<{' '.join([str(element.tag), *parts])}>"
