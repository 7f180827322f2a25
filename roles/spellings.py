"""One spelling for the spellings of an English word, for search: American and British, with and
without the letters that English words borrow."""

from __future__ import annotations

import re

# Letters that have no decomposition in Unicode, as people type them on an English keyboard.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "ı": "i",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ə": "e",
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
    }
)
# Words in which -ise isn't the British form of -ize, by the letters before it.
_ALWAYS_ISE = (
    r"(?<![aeou])(?<!adv)(?<!dev)(?<!rev)(?<!superv)(?<!improv)(?<!telev)(?<!rpr)(?<!mpr)(?<!ppr)"
    r"(?<!repr)(?<!prom)(?<!prem)(?<!surm)(?<!dem)(?<!exerc)(?<!exc)(?<!inc)(?<!conc)(?<!prec)"
    r"(?<!advert)(?<!expert)(?<!merchand)(?<!franch)(?<!parad)(?<!treat)(?<!chast)(?<!desp)"
    r"(?<!likew)(?<!otherw)(?<!clockw)(?<!circumc)(?<!pract)"
)
_RULES = (
    # optimise, optimisation, analyse: the American -yze has fewer relatives (analyst, analysis)
    (rf"(?<=\w\w\w){_ALWAYS_ISE}is(?=(?:e[ds]?|ers?|ing|ations?|ational|able)$)", "iz"),
    (r"yz(?=(?:e[ds]?|ers?|ing)$)", "ys"),
    # colour, behavioural, neighbourhood
    (
        r"^(dis|mis|un|re|multi)?(behavi|neighb|endeav|demean|splend|col|fav|flav|lab|hon|harb|hum"
        r"|rum|vap|sav|savi|arm|rig|vig|od|tum|parl|cand|ferv|ard|clam|glam|val|ranc)ou?r(?!n)",
        r"\1\2or",
    ),
    # centre, kilometre, fibre, calibre
    (r"(cen|me|li|thea|lus|spec|scep|goi)tre(?=s?$|d$)", r"\1ter"),
    (r"^centr(?=ed$|ing$)", "center"),
    (r"^(fi|cali|sa|som)bre(?=s?$)", r"\1ber"),
    # catalogue, dialogue, programme
    (r"(catal|dial|anal|homol|monol|prol)ogu(?:e(?=s?$)|(?=ed|ing))", r"\1og"),
    (r"^programme(?=s?$)", "program"),
    # offence, defence, practise
    (r"^(lic|def|off|pret)ence", r"\1ense"),
    (r"^practis(?=e|ing)", "practic"),
    (r"^(s?m)ould(?!er)", r"\1old"),
    (r"^plough", "plow"),
    (r"^draught", "draft"),
    (r"^kerb", "curb"),
    (r"^sceptic", "skeptic"),
    # judgement, acknowledgement; fulfil and enrol need no rule, as the stem has one l
    (r"^(judg|acknowledg|abridg|lodg)ement", r"\1ment"),
    (r"^(skil|wil)ful", r"\1lful"),
    (
        r"^(counsel|travel|cancel|signal|model|label|level|channel|fuel|jewel|dial|initial|trial|total"
        r"|panel|tunnel|quarrel)l(?=[aeio])",
        r"\1",
    ),
    # paediatric, anaesthesia; foetal, oestrogen
    (r"(?<=\w)ae(?=[a-z]{2})|^ae(?=s|t)", "e"),
    (r"foet", "fet"),
    (r"^oe(?=s|d|n)", "e"),
    (r"diarrhoe", "diarrhe"),
    (r"amoe(?=b)", "ame"),
    (r"manoeuvre?", "maneuver"),
    (r"meagre", "meager"),
    (r"aero(?=plane)", "air"),
    (r"^enquir", "inquir"),
    (r"^grey", "gray"),
)
_WORDS = {
    "ageing": "aging",
    "aluminium": "aluminum",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "cheque": "check",
    "cheques": "checks",
    "cosy": "cozy",
    "jewellery": "jewelry",
    "jewelery": "jewelry",
    "learnt": "learned",
    "likeable": "likable",
    "maths": "math",
    "orientated": "oriented",
    "pyjamas": "pajamas",
    "sizeable": "sizable",
    "speciality": "specialty",
    "specialities": "specialties",
    "storey": "story",
    "sulphur": "sulfur",
    "tonne": "ton",
    "tonnes": "tons",
    "tyre": "tire",
    "tyres": "tires",
    "whilst": "while",
}
_COMPILED = tuple((re.compile(pattern), new) for pattern, new in _RULES)


def plain_letters(word: str) -> str:
    """Returns the word, which is in lower case, with letters that an English keyboard has: `ørsted`
    as `orsted`."""
    return word if word.isascii() else word.translate(_LETTERS)


def american(word: str) -> str:
    """Returns the one spelling under which a folded word is found: mostly the American one."""
    if not word.isascii():
        return word
    word = _WORDS.get(word, word)
    for pattern, new in _COMPILED:
        word = pattern.sub(new, word)
    return word
