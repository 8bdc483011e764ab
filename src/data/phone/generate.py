#!/usr/bin/env python3
"""Writes the numbering-plan table that `src/data/phone.rs` reads.

    pip install phonenumbers==9.0.43        (Python 3.11 or newer)
    python3 src/data/phone/generate.py src/data/phone.bin --formats src/data/phone/formats.bin

The table is derived from Google's libphonenumber metadata (Apache-2.0) as packaged on PyPI by `phonenumbers`,
and from nothing else. All number patterns of all regions become one minimal acyclic automaton over digits: a
national significant number leads to a label (region, type). National-prefix and international-prefix patterns,
which need captures, become small backtracking programs. The file begins with a few lines of text (version,
date, licence, SHA-256 of what follows the blank line), then binary, little endian; see `read` in `phone.rs`.

`--formats` writes, beside it, how national numbers are grouped for people to read; see `formats.rs`.
`--metadata 9.0.42` accepts another version: the tests hold one of the oracle's own version.
"""
import argparse
import hashlib
import re
import re._constants as op
import re._parser as sre
import struct
import sys

import phonenumbers
from phonenumbers import phonenumberutil as util
from phonenumbers.data import _COUNTRY_CODE_TO_REGION_CODE as REGIONS_OF_CODE
from phonenumbers.phonemetadata import PhoneMetadata

PINNED = "9.0.43"
RELEASED = {"9.0.42": "2026-10-27", "9.0.43": "2026-11-06"}  # dates of the packages on PyPI
re_groups = re.compile(r"\\(\d)")  # a group in a format: \1
MAX_NSN = 17  # longest national significant number that libphonenumber accepts
MAX_GENERAL = 20  # how far the "looks like a number of this region" patterns are followed
ANY_DIGIT = (1 << 10) - 1
NON_GEO = "001"
NON_GEO_LABEL = 255

# Types in the order in which libphonenumber tries them; the number is the label minus 1.
SPECIAL_TYPES = [
    ("premium_rate", 4), ("toll_free", 3), ("shared_cost", 5), ("voip", 6),
    ("personal_number", 7), ("pager", 8), ("uan", 9), ("voicemail", 10),
]
FIXED_LINE, MOBILE, FIXED_LINE_OR_MOBILE = 0, 1, 2
REGION_ONLY = 15  # the leading digits name the region, the number is of no type
SHORT_CODE, EMERGENCY = 1, 2


class Nfa:
    """Thompson construction over digits: epsilon moves, one digit-set move per state, accepting marks."""

    def __init__(self):
        self.epsilon, self.move, self.accepts = [], [], {}

    def state(self):
        self.epsilon.append([])
        self.move.append(None)
        return len(self.epsilon) - 1

    def add(self, pattern, start):
        return self._sequence(sre.parse(pattern), start)

    def _sequence(self, nodes, at):
        for kind, arg in nodes:
            at = self._node(kind, arg, at)
        return at

    def _node(self, kind, arg, at):
        end = self.state()
        if kind in (op.LITERAL, op.IN):
            self.move[at] = (digits_of(kind, arg), end)
        elif kind is op.SUBPATTERN:
            self.epsilon[self._sequence(arg[-1], at)].append(end)
        elif kind is op.BRANCH:
            for branch in arg[1]:
                start = self.state()
                self.epsilon[at].append(start)
                self.epsilon[self._sequence(branch, start)].append(end)
        elif kind is op.MAX_REPEAT:
            low, high, body = arg
            for turn in range(min(high, MAX_GENERAL + 1)):
                if turn >= low:
                    self.epsilon[at].append(end)
                start = self.state()
                self.epsilon[at].append(start)
                at = self._sequence(body, start)
            self.epsilon[at].append(end)
        else:
            raise ValueError(f"unknown construct {kind}")
        return end

    def closure(self, states):
        seen, todo = set(), list(states)
        while todo:
            state = todo.pop()
            if state not in seen:
                seen.add(state)
                todo.extend(self.epsilon[state])
        return frozenset(s for s in seen if self.move[s] is not None or s in self.accepts)

    def step(self, states, digit):
        return self.closure(m[1] for m in map(self.move.__getitem__, states) if m and m[0] >> digit & 1)

    def marks(self, states):
        return {self.accepts[s] for s in states if s in self.accepts}


def digits_of(kind, arg):
    """The set of digits (a bit mask) that a literal or a class matches."""
    if kind is op.LITERAL:
        return 1 << (arg - 48) if 48 <= arg <= 57 else 0
    mask, negated = 0, False
    for kind, arg in arg:
        if kind is op.NEGATE:
            negated = True
        elif kind is op.LITERAL:
            mask |= digits_of(kind, arg)
        elif kind is op.RANGE:
            mask |= sum(1 << (c - 48) for c in range(arg[0], arg[1] + 1))
        elif kind is op.CATEGORY:
            mask |= ANY_DIGIT
        else:
            raise ValueError(f"unknown class {kind}")
    return ANY_DIGIT & ~mask if negated else mask


class Pool:
    """Hash-consed automaton nodes: equal subtrees are one node, children stand before parents, 0 is dead."""

    def __init__(self):
        self.ids, self.nodes = {}, []
        self.node(0, (0,) * 10)

    def node(self, label, children):
        key = (label, children)
        if key not in self.ids:
            self.ids[key] = len(self.nodes)
            self.nodes.append(key)
        return self.ids[key]

    def build(self, nfa, root, label, depth_max):
        memo = {}

        def visit(states, depth):
            if not states:
                return 0
            if (states, depth) not in memo:
                children = (0,) * 10
                if depth < depth_max:
                    children = tuple(visit(nfa.step(states, d), depth + 1) for d in range(10))
                memo[states, depth] = self.node(label(nfa.marks(states), depth), children)
            return memo[states, depth]

        return visit(nfa.closure([root]), 0)


def pattern_of(desc):
    pattern = desc.national_number_pattern if desc is not None else None
    return pattern if pattern and pattern != "NA" else None


def lengths_of(desc):
    """The lengths a description allows; None when it names none and so allows all."""
    lengths = desc.possible_length
    return frozenset(n for n in lengths if n > 0) if lengths else None


def metadata(region, code=None):
    if region == NON_GEO:
        return PhoneMetadata.metadata_for_nongeo_region(code, None)
    return PhoneMetadata.metadata_for_region(region, None)


def classifier(pool, code, numbers):
    """The automaton of one calling code: national significant number -> region << 4 | type + 1."""
    nfa = Nfa()
    root, plans = nfa.state(), []
    fields = ["general_desc", *(name for name, _ in SPECIAL_TYPES), "fixed_line", "mobile"]
    for index, region in enumerate(REGIONS_OF_CODE[code]):
        plan = metadata(region, code)
        lengths = {}
        for field in fields:
            desc = getattr(plan, field)
            if pattern_of(desc):
                start = nfa.state()
                nfa.epsilon[root].append(start)
                nfa.accepts[nfa.add(pattern_of(desc), start)] = (index, field)
                lengths[field] = lengths_of(desc)
        if plan.leading_digits:
            start = nfa.state()
            nfa.epsilon[root].append(start)
            end, loop = nfa.add(plan.leading_digits, start), nfa.state()
            nfa.epsilon[end].append(loop)
            nfa.move[loop] = (ANY_DIGIT, loop)
            nfa.accepts[loop] = (index, "leading_digits")
        plans.append((region, plan, lengths))

    def type_of(marks, index, length):
        _, plan, lengths = plans[index]

        def fits(field):
            return (index, field) in marks and (lengths[field] is None or length in lengths[field])

        if not fits("general_desc"):
            return None
        for field, number in SPECIAL_TYPES:
            if fits(field):
                return number
        same = plan.same_mobile_and_fixed_line_pattern
        if fits("fixed_line"):
            return FIXED_LINE_OR_MOBILE if same or fits("mobile") else FIXED_LINE
        return MOBILE if not same and fits("mobile") else None

    def label(marks, length):
        for index, (region, plan, _) in enumerate(plans):
            number = NON_GEO_LABEL if region == NON_GEO else numbers[region]
            kind = type_of(marks, index, length)
            if plan.leading_digits and len(plans) > 1:
                if (index, "leading_digits") in marks:
                    return number << 4 | (REGION_ONLY if kind is None else kind + 1)
            elif kind is not None:
                return number << 4 | kind + 1
        return 0

    return pool.build(nfa, root, label, MAX_NSN)


def acceptor(pool, marks_and_patterns, depth_max):
    """An automaton whose label is the greatest mark of the patterns that match in full."""
    nfa = Nfa()
    root = nfa.state()
    for mark, pattern in marks_and_patterns:
        start = nfa.state()
        nfa.epsilon[root].append(start)
        nfa.accepts[nfa.add(pattern, start)] = mark
    return pool.build(nfa, root, lambda marks, _: max(marks, default=0), depth_max)


# Instructions of the prefix programs, one byte each; operands follow. Addresses count from the program's start.
MATCH, DIGITS, SPLIT, JUMP, SAVE, END = range(6)


def program(pattern):
    """Compiles a prefix pattern, leftmost-first like the regular expression it stands for."""
    code = bytearray()

    def emit(kind, *operands):
        at = len(code)
        code.append(kind)
        for operand in operands:
            code.extend(struct.pack("<H", operand))
        return at

    def patch(at, slot, target):
        struct.pack_into("<H", code, at + 1 + 2 * slot, target)

    def sequence(nodes):
        for kind, arg in nodes:
            node(kind, arg)

    def node(kind, arg):
        if kind in (op.LITERAL, op.IN):
            emit(DIGITS, digits_of(kind, arg))
        elif kind is op.SUBPATTERN:
            group, body = arg[0], arg[-1]
            if group:
                emit(SAVE, 2 * group - 2)
            sequence(body)
            if group:
                emit(SAVE, 2 * group - 1)
        elif kind is op.BRANCH:
            jumps = []
            for branch in arg[1][:-1]:
                split = emit(SPLIT, 0, 0)
                patch(split, 0, len(code))
                sequence(branch)
                jumps.append(emit(JUMP, 0))
                patch(split, 1, len(code))
            sequence(arg[1][-1])
            for jump in jumps:
                patch(jump, 0, len(code))
        elif kind is op.MAX_REPEAT:
            low, high, body = arg
            assert high <= 20, "prefixes are finite"
            for _ in range(low):
                sequence(body)
            splits = []
            for _ in range(high - low):
                split = emit(SPLIT, 0, 0)
                patch(split, 0, len(code))
                splits.append(split)
                sequence(body)
            for split in splits:
                patch(split, 1, len(code))
        elif kind is op.AT:
            emit(END)
        else:
            raise ValueError(f"unknown construct {kind}")

    sequence(sre.parse(pattern))
    emit(MATCH)
    return bytes(code)


def prefix(pattern):
    """kind 0 none, 1 literal digits, 2 program; with the set of digits it can begin with."""
    if not pattern:
        return struct.pack("<BHH", 0, 0, 0)
    if pattern.isdigit():
        body, kind = bytes(int(c) for c in pattern), 1
    else:
        body, kind = program(pattern), 2
    nfa = Nfa()
    root = nfa.state()
    end = nfa.add(pattern.replace("$", ""), root)
    nfa.accepts[end] = 1
    start = nfa.closure([root])
    first = sum(1 << d for d in range(10) if nfa.step(start, d))
    if nfa.marks(start):
        first = ANY_DIGIT  # it can match nothing at all
    return struct.pack("<BHH", kind, first, len(body)) + body


def transform(rule):
    """The rule as bytes: a digit, or 10 + group (group 0 is the first)."""
    out = bytearray()
    text = iter(rule or "")
    for char in text:
        out.append(int(char) if char.isdigit() else 9 + int(next(text)))
    return struct.pack("<B", len(out)) + bytes(out)


def zero_is_written(region, plan):
    """Bit 0: fixed lines, bit 1: mobiles of this region are always written with a leading 0 nationally."""
    if plan.national_prefix != "0":
        return 0
    main = metadata(util.region_code_for_country_code(plan.country_code), plan.country_code)
    bits = 0
    for bit, kind in ((1, util.PhoneNumberType.FIXED_LINE), (2, util.PhoneNumberType.MOBILE)):
        number = phonenumbers.example_number_for_type(region, kind)
        nsn = phonenumbers.national_significant_number(number) if number else ""
        form = util._choose_formatting_pattern_for_number(main.number_format, nsn)
        rule = form.national_prefix_formatting_rule if form else None
        if rule and "0" in rule and not form.national_prefix_optional_when_formatting:
            bits |= bit
    return bits


def length_mask(lengths):
    return sum(1 << n for n in lengths if n > 0)


def region_entry(pool, region, plan):
    short = PhoneMetadata.short_metadata_for_region(region) if region != NON_GEO else None
    shorts = [] if short is None else [
        (mark, pattern_of(desc)) for mark, desc in ((SHORT_CODE, short.short_code), (EMERGENCY, short.emergency))
        if pattern_of(desc)
    ]
    general = plan.general_desc
    return b"".join([
        b"\0\0" if region == NON_GEO else region.encode(),
        struct.pack(
            "<HHHIIB", plan.country_code,
            acceptor(pool, [(1, general.national_number_pattern)], MAX_GENERAL),
            acceptor(pool, shorts, MAX_NSN) if shorts else 0,
            length_mask(general.possible_length), length_mask(general.possible_length_local_only),
            0 if region == NON_GEO else zero_is_written(region, plan),
        ),
        prefix(plan.national_prefix_for_parsing),
        transform(plan.national_prefix_transform_rule),
        prefix(plan.international_prefix),
    ])


def node_entry(label, children):
    """The label, then runs of equal children: how many, which."""
    out = bytearray(struct.pack("<H", label))
    at = 0
    while at < 10:
        end = at
        while end < 10 and children[end] == children[at]:
            end += 1
        out += struct.pack("<BH", end - at, children[at])
        at = end
    return bytes(out)


def table():
    pool = Pool()
    geographic = sorted(phonenumbers.SUPPORTED_REGIONS)
    numbers = {region: index + 1 for index, region in enumerate(geographic)}
    codes = sorted(REGIONS_OF_CODE)
    roots = {code: classifier(pool, code, numbers) for code in codes}
    regions = [region_entry(pool, region, metadata(region)) for region in geographic]
    entries = []
    for code in codes:
        members = REGIONS_OF_CODE[code]
        if members[0] == NON_GEO:
            regions.append(region_entry(pool, NON_GEO, metadata(NON_GEO, code)))
            main = len(regions)
        else:
            main = numbers[members[0]]
        single = len(members) == 1
        entries.append(struct.pack("<HHHB", code, roots[code], main, single))
    assert len(pool.nodes) < 1 << 16 and len(geographic) < NON_GEO_LABEL
    return b"".join([
        struct.pack("<HHH", len(pool.nodes), len(regions), len(entries)),
        *(node_entry(*node) for node in pool.nodes), *regions, *entries,
    ])


def widths_of(pattern):
    """How many digits each group of a format's pattern takes, at least and at most."""
    groups = [arg for kind, arg in sre.parse(pattern) if kind is op.SUBPATTERN]
    assert len(groups) == len(list(sre.parse(pattern))), f"something outside of groups: {pattern}"
    return [tuple(int(w) for w in group[-1].getwidth()) for group in groups]


def template_of(text):
    """The text with its groups as bytes 1, 2, 3, …"""
    out = re_groups.sub(lambda match: chr(int(match.group(1))), text)
    assert out.isascii() and out.isprintable() or any(ord(c) < 10 for c in out)
    return out.encode()


def grouping(pool, known, forms, text_of):
    """An automaton whose label is the number, from 1, of the first form that fits a national number in full."""
    nfa = Nfa()
    root = nfa.state()
    for index, form in enumerate(forms):
        start = nfa.state()
        nfa.epsilon[root].append(start)
        nfa.accepts[nfa.add(form.pattern, start)] = (index, "pattern")
        if form.leading_digits_pattern:
            start, loop = nfa.state(), nfa.state()
            nfa.epsilon[root].append(start)
            nfa.epsilon[nfa.add(form.leading_digits_pattern[-1], start)].append(loop)
            nfa.move[loop] = (ANY_DIGIT, loop)
            nfa.accepts[loop] = (index, "leading")

    def label(marks, _):
        for index, form in enumerate(forms):
            leads = not form.leading_digits_pattern or (index, "leading") in marks
            if leads and (index, "pattern") in marks:
                shape = (tuple(widths_of(form.pattern)), template_of(text_of(form)))
                return known.setdefault(shape, len(known) + 1)
        return 0

    return pool.build(nfa, root, label, MAX_NSN)


def at_home(form):
    """The national text: the rule, such as 0$1 or ($1), stands for whatever group comes first."""
    rule = form.national_prefix_formatting_rule
    first = lambda match: rule.replace("\\1", match.group(0))
    return re_groups.sub(first, form.format, count=1) if rule else form.format


def formats():
    pool, known, entries = Pool(), {}, []
    for code in sorted(REGIONS_OF_CODE):
        main = REGIONS_OF_CODE[code][0]
        plan = metadata(main, code)
        abroad = plan.intl_number_format or plan.number_format
        national = grouping(pool, known, plan.number_format, at_home)
        international = grouping(pool, known, abroad, lambda form: form.format)
        entries.append(struct.pack("<HHH", code, national, international))
    assert len(pool.nodes) < 1 << 16
    shapes = []
    for widths, template in known:
        shapes.append(struct.pack("<B", len(widths)) + bytes(w for pair in widths for w in pair))
        shapes.append(struct.pack("<B", len(template)) + template)
    return b"".join([
        struct.pack("<HHH", len(pool.nodes), len(known), len(entries)),
        *(node_entry(*node) for node in pool.nodes), *shapes, *entries,
    ])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("out")
    arguments.add_argument("--metadata", default=PINNED)
    arguments.add_argument("--formats")
    given = arguments.parse_args()
    if phonenumbers.__version__ != given.metadata:
        sys.exit(f"phonenumbers {given.metadata} is needed, {phonenumbers.__version__} is installed")
    sys.setrecursionlimit(10000)
    write(given.out, "numbering plan", given.metadata, table())
    if given.formats:
        write(given.formats, "number formats", given.metadata, formats())


def write(path, what, version, body):
    head = (
        f"contactable {what} 1\n"
        f"metadata: {version}\n"
        f"date: {RELEASED[version]}\n"
        "source: libphonenumber metadata, https://github.com/google/libphonenumber, through https://pypi.org/project/phonenumbers/\n"
        "licence: Apache-2.0, Copyright (C) The Libphonenumber Authors; transformed into an automaton by src/data/phone/generate.py\n"
        f"sha256: {hashlib.sha256(body).hexdigest()}\n\n"
    )
    with open(path, "wb") as file:
        file.write(head.encode() + body)


if __name__ == "__main__":
    main()
