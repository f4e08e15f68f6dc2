#!/usr/bin/env python3
"""Makes mappings/iptc-topics.tsv and mappings/iptc-names.tsv: which topic of the tree a concept of the IPTC means.

    iptc_topics.py MEDIATOPICS.json     the Media Topic NewsCodes in English, from https://cv.iptc.org/newscodes/mediatopic/

A concept means the topic that has its id in topics.toml, else that of the nearest concept above it; ELSE says where that
would be wrong. Subject Codes, which came before, mean what the concept they are an exact match of means.
"""
import collections, json, pathlib, re, sys, tomllib

MAPPINGS = pathlib.Path(__file__).resolve().parent.parent / "mappings"
# Concepts whose topic is not that of the concept above; None where no topic fits.
ELSE = {
    "04000000": None,  # economy, business and finance: two roots here
    "20000170": "Business",  # business information
    "20000209": "Business",  # products and services
    "20000385": "Business",  # market and exchange
    "20000386": "Commodities",
    "20000392": "Business/Banking",  # loan market
    "20000146": "Disasters/Rail and road accidents",
    "20000147": "Disasters/Rail and road accidents",
    "20000143": "Disasters",
    "20000449": "Health/Epidemics and infectious disease",
    "20000268": "Energy/Oil",  # petrol
    "20000259": "Energy/Oil",  # diesel fuel
    "20000318": "Commodities/Metals",  # precious material
    "20000735": "Science and technology/Scientific research",
    "20000771": "Society/Refugees and migration",
    "20000772": "Society/Refugees and migration",
    "20000509": "Labour",
    "20000365": "Economy/Employment",
    "20000641": "Diplomacy",  # treaty
    "20000639": "Diplomacy",
    "20000598": "Politics",  # national security
    "20000499": "Human interest",
    "20000072": "Conflict/War crimes and genocide",  # genocide
    "20000103": "Conflict/Terrorism",  # terrorism
    "20000071": "Conflict/War crimes and genocide",  # massacre
    "20000611": "Politics/Political scandals",  # impeachment
    "20000620": "Economy/Budgets and taxes",  # taxation policy
    "20000345": "Economy",  # economic policy
    "20001157": "Sport/Boxing and martial arts",  # martial arts
    "20000658": "Religion/Hinduism, Buddhism and Sikhism",  # Buddhism
    "20000684": "Religion/Hinduism, Buddhism and Sikhism",  # Sikhism
    "20000462": "Health/Hospitals and health services",  # hospital
    "20000006": "Arts and entertainment/Film",  # film festival
    "20000007": "Arts and entertainment/Theatre and dance",  # dance
    "20000602": "Conflict/Armed forces",  # military weaponry and equipment
    "20000725": "Science and technology/Physics and chemistry",  # chemistry
    "20000718": "Science and technology/Space",  # astronomy
    "20000050": "Arts and entertainment/Television and radio",  # radio
    "20001064": "Sport/Winter sports",  # snowboarding
    "20001038": "Sport/Swimming and sailing",  # sailing
    "20001178": "Sport/Olympic and Paralympic Games",  # Paralympic Games
    "20000719": "Science and technology/Genetics and biology",  # biology
    "20000140": "Disasters/Fires and explosions",  # explosion accident and incident
    "20000355": "Economy/Currencies and money markets",  # currency
    "20000359": "Economy/Growth",  # gross domestic product
    "20000366": "Economy/Trade",  # exporting
    "20000369": "Economy/Trade",  # importing
    "20000047": "Arts and entertainment/News media",  # newspaper
    "20000588": "Politics/Press freedom",  # censorship and freedom of speech
    "20001300": "Politics/Identity cards and surveillance",  # privacy
    "20000627": "Politics/Identity cards and surveillance",  # data protection policy
    "20000630": "Labour/Pensions and retirement",  # pension and welfare policy
    "20000158": "Weather/Storms",  # windstorms
    "20000797": "Society/Population and ageing",  # senior citizens
    "20000091": "Crime and justice/Fraud",  # insider trading
    "20000090": "Crime and justice/Fraud",  # embezzlement
    "20001067": "Sport/Winter sports",  # speed skating
    "20000934": "Sport/Winter sports",  # figure skating
    "20000852": "Sport/Winter sports",  # biathlon
    "20000854": "Sport/Winter sports",  # bobsleigh
    "20000987": "Sport/Winter sports",  # luge
    "20000890": "Sport/Winter sports",  # curling
    "20000650": "Politics/Lobbying and party funding",  # lobbying
    "20001259": "Politics/Political parties",  # political party convention
    "20001235": "Human interest/Deaths and funerals",  # funeral and memorial service
    "20000501": "Human interest/Anniversaries and ceremonies",  # ceremony
    "20000195": "Business/Executives and boards",  # board of directors
    "20000335": "Business/Tourism and hotels",  # restaurant and catering
    "20001195": "Crime and justice/Fraud",  # tax evasion
    "20000454": "Health",  # heart disease
    "20000822": "Sport",  # competition discipline
}
HEAD = """# {what} of the IPTC and the topic each means. Made by scripts/iptc_topics.py from the Media Topic NewsCodes of
# {date}, © IPTC (https://iptc.org), CC BY 4.0; do not edit, ELSE in the script is the place for that.
"""


def last(uri):
    return re.split("[:/]", uri)[-1]


def main(path):
    scheme = json.load(open(path, encoding="utf-8"))
    concepts = {last(concept["qcode"]): concept for concept in scheme["conceptSet"]}
    topics = tomllib.loads((MAPPINGS.parent / "topics.toml").read_text(encoding="utf-8"))["topic"]
    paths = {topic["iptc"]: topic["path"] for topic in topics if "iptc" in topic} | ELSE

    def meant(concept):
        if concept in paths:
            return paths[concept]
        above = {meant(last(parent)) for parent in concepts[concept].get("broader", [])} - {None}
        return above.pop() if len(above) == 1 else None

    codes, labels = {}, collections.defaultdict(set)
    for number, concept in concepts.items():
        topic = meant(number)
        if topic is None:
            continue
        codes[number] = topic
        if "retired" not in concept:
            labels[concept["prefLabel"]["en-GB"].strip()].add(topic)
    # Live concepts last: where a retired one has the same Subject Code, the live one says what it means.
    for number, concept in sorted(concepts.items(), key=lambda item: "retired" not in item[1]):
        for match in concept.get("exactMatch", []):
            if "/subjectcode/" in match and number in codes and last(match) not in concepts:
                codes[last(match)] = codes[number]
    date = scheme["dateReleased"][:10]
    with open(MAPPINGS / "iptc-topics.tsv", "w", encoding="utf-8") as file:
        file.write(HEAD.format(what="Media Topics and Subject Codes", date=date) + "code\ttopic\tsource\n")
        file.writelines(f"{code}\t{topic}\n" for code, topic in sorted(codes.items()))
    with open(MAPPINGS / "iptc-names.tsv", "w", encoding="utf-8") as file:
        file.write(HEAD.format(what="English names of Media Topics", date=date) + "name\ttopic\n")
        one = {label.lower(): topics.pop() for label, topics in labels.items() if len(topics) == 1}
        file.writelines(f"{label}\t{topic}\n" for label, topic in sorted(one.items()))


if len(sys.argv) != 2:
    sys.exit(__doc__)
main(sys.argv[1])
