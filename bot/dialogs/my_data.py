"""The file of everything that is known (R9.2), in the reader's words: a heading for each kind of records, a line a field."""

from collections.abc import Mapping

from bot.domain.privacy import AllAboutMe
from bot.i18n import Words, _, lines


def file(known: AllAboutMe) -> Words:
    """The whole file."""
    text: list[Words] = [_("Everything that is known about you and your children"), ""]
    for chapter in known.chapters:
        text += [CHAPTERS[chapter.kind], ""]
        for entry in chapter.entries:
            for name, value in entry.fields:
                said = CODES.get(name, {}).get(value, value) if isinstance(value, str) else value
                text.append(_("{name}: {value}", name=FIELDS[name], value=said))
            text.append("")
    return lines(*text)


CHAPTERS: Mapping[str, Words] = {
    "person": _("YOU"),
    "chats": _("CHATS"),
    "calendar": _("LINK FOR A CALENDAR"),
    "topics": _("SWITCHED OFF NOTICES"),
    "consents": _("CONSENTS"),
    "children": _("CHILDREN"),
    "certificates": _("CERTIFICATES"),
    "enrollments": _("CLUBS"),
    "movements": _("MONEY"),
    "disputes": _("OBJECTIONS"),
    "ratings": _("RATINGS"),
    "events": _("EVENTS"),
}
FIELDS: Mapping[str, Words] = {
    "surname": _("Surname"),
    "first_name": _("First name"),
    "patronymic": _("Patronymic"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "municipality": _("Municipality"),
    "language": _("Language"),
    "known_since": _("First contact"),
    "channel": _("Where"),
    "linked_at": _("Linked"),
    "dead_at": _("Not reachable since"),
    "cut_at": _("Unlinked"),
    "made_at": _("Made"),
    "topic": _("Topic"),
    "purpose": _("For"),
    "version": _("Version of the text"),
    "hash": _("Check sum of the text (SHA-256)"),
    "given_at": _("Given"),
    "withdrawn_at": _("Withdrawn"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "district": _("District"),
    "address": _("Address"),
    "snils": _("SNILS (kept encrypted)"),
    "contact": _("Contact, from the earlier registry"),
    "rights": _("Your rights"),
    "child": _("Child"),
    "number": _("Number"),
    "kind": _("Kind"),
    "certificate_state": _("State"),
    "group": _("Category"),
    "submitted_at": _("Applied for"),
    "activated_at": _("Valid since"),
    "valid_until": _("Valid until"),
    "program": _("Program"),
    "provider": _("Organisation"),
    "learning_group": _("Learning group"),
    "enrollment_state": _("State"),
    "start": _("First day"),
    "stop": _("Last day"),
    "price": _("Price"),
    "created_at": _("Requested"),
    "at": _("When"),
    "why": _("What for"),
    "amount": _("Amount"),
    "month": _("Month"),
    "record": _("Record number"),
    "words": _("Your words"),
    "dispute_state": _("State"),
    "opened_at": _("Sent"),
    "decided_at": _("Decided"),
    "stars": _("Stars"),
    "comment": _("Your words"),
    "event": _("Event"),
    "starts_at": _("Starts"),
    "signed_up_at": _("Signed up"),
}
CODES: Mapping[str, Mapping[str, Words]] = {
    "language": {"ru": "русский", "en": "English"},
    "channel": {"telegram": "Telegram", "vk": _("VK"), "web": _("Website")},
    "purpose": {"certificate": _("certificate and clubs"), "health": _("category by health")},
    "sex": {"f": _("girl"), "m": _("boy")},
    "rights": {"full": _("guardian"), "read": _("may look"), "self": _("the child's own chat")},
    "kind": {"accounting": _("without money"), "funded": _("with money")},
    "topic": {
        "certificate": _("Certificate"),
        "money": _("Money"),
        "enrollment": _("My clubs"),
        "waiting": _("Waiting list"),
        "reminders": _("Reminders"),
        "rating": _("Ratings"),
        "events": _("Events"),
    },
    "certificate_state": {
        "submitted": _("being decided"),
        "rejected": _("rejected"),
        "awaiting_visit": _("waits for the visit with originals"),
        "active": _("active"),
        "frozen": _("frozen"),
        "revoked": _("revoked"),
        "closed_age": _("ended by age"),
    },
    "enrollment_state": {
        "requested": _("request sent"),
        "claimed": _("entered by the club"),
        "accepted": _("accepted by the club"),
        "active": _("running"),
        "completed": _("completed"),
        "terminated": _("ended early"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
        "waitlisted": _("in the waiting list"),
        "offered": _("a place is offered"),
        "renewal_offered": _("the next period is offered"),
        "left": _("gave up the place"),
        "lapsed": _("the offer has lapsed"),
    },
    "dispute_state": {"open": _("being decided"), "upheld": _("you were right"), "rejected": _("rejected")},
    "why": {
        "grant": _("the certificate's sum"),
        "opening": _("balance taken over"),
        "nominal": _("the sum of certificates changed"),
        "category": _("the category changed"),
        "reserve": _("set aside for a club"),
        "charge": _("paid to the club"),
        "refused": _("returned: refused"),
        "withdrawn": _("returned: request withdrawn"),
        "terminated": _("returned: ended early"),
        "completed": _("returned: not used"),
        "lessons": _("returned: lessons cancelled"),
        "mistake": _("returned: entered by mistake"),
        "expiry": _("the period ended"),
        "freeze": _("the certificate was frozen"),
        "conversion": _("the certificate became one without money"),
        "revocation": _("the certificate was revoked"),
        "age": _("the child is 18"),
        "passed_on": _("passed on to the budget"),
        "reversal": _("correction"),
    },
}
