"""Compares what the site says with Frontcore's own books. Knows nothing of how the site works.

lost     the visitor was promised something that is neither booked nor shown to anybody as open
doubled  two orders for one booking, or one sent again while nobody knew of the first
false    a page, a status or a mail says what the books deny
"""

CONFIRMED, WAITING, FREE, WITH_FEE = 1, 3, 4, 8  # enrolment statuses; the last two: deregistered
GONE = {FREE, WITH_FEE}
ENROLLED = {"confirmed": CONFIRMED, "waiting": WAITING}
#: Status → the mail without which the booker does not know.
TOLD = {
    "confirmed": {"confirmed", "not_cancelled"},
    "waiting": {"waiting", "not_cancelled"},
    "uncertain": {"uncertain"},
    "refused": {"refused"},
    "cancelled": {"cancelled"},
    "new": {"received"},
}


class Verdict(list):
    def lost(self, sentence):
        self.append(["lost", sentence])

    def doubled(self, sentence):
        self.append(["doubled", sentence])

    def false(self, sentence):
        self.append(["false", sentence])


def judge(run, told, books, writes):
    """[[lost, doubled or false; a sentence]] for this run; empty if all is well.

    `told`: what the visitor and the site said; `books` and `writes`: the simulator's state, and the
    bookings and cancellations of its log.
    """
    verdict = Verdict()
    bookings, orders = told.get("bookings", []), books["orders"]
    was_promised = told.get("receipt") or run.point in ("after-save", "after-queue")
    if was_promised and not bookings and not told.get("turned_away"):
        verdict.lost("what the visitor was promised is in no table")
    if orders and not bookings:
        verdict.lost("an order that no booking of ours knows of")
    if len(bookings) > 1:
        verdict.doubled(f"{len(bookings)} bookings of one form")
    if len(orders) > 1:
        verdict.doubled(f"{len(orders)} orders")
    if not told.get("by_staff"):
        for method in ("POST", "PUT"):
            judge_writes(verdict, [row for row in writes if row["method"] == method])
    for booking in bookings:
        judge_status(verdict, booking, orders, books)
        judge_wish(verdict, booking, told)
        judge_page(verdict, booking, orders, books)
        judge_mails(verdict, booking, told.get("files", []), orders, books)
    return verdict


def judge_writes(verdict, writes):
    """After a clear "not now" another try is no risk; after anything else it is."""
    if any(row["status"] != 429 for row in writes[:-1]):
        verdict.doubled(f"sent {len(writes)} times, without knowing what became of the first")


def standing(orders, books):
    """The people of the books who are enrolled for these orders, and not gone again."""
    mine = {order["id"] for order in orders}
    return [
        person
        for person in books["participants"]
        if person["order_id"] in mine and person["status_id"] not in GONE
    ]


def judge_status(verdict, booking, orders, books):
    status, stands = booking["status"], standing(orders, books)
    match status:
        case "confirmed" | "waiting":
            judge_booked(verdict, booking, orders, stands)
        case "refused":
            if orders:
                verdict.false("refused, but there is an order")
        case "cancelled":
            judge_cancelled(verdict, booking, orders, books)
        case "uncertain" | "cancel_uncertain":
            if not booking["for_staff"]:
                verdict.lost(f"{status}, and not shown to staff")
        case "new" if booking["hold"]:
            if orders:
                verdict.false("kept as not sent, but there is an order")
            if not booking["for_staff"]:
                verdict.lost("kept, and not shown to staff")
        case _:
            verdict.lost(f"{status} for ever, although all is well again")


def judge_cancelled(verdict, booking, orders, books):
    if standing(orders, books):
        verdict.false("cancelled, but people still stand")
    mine = {order["id"] for order in orders}
    left = {one["status_id"] for one in books["participants"] if one["order_id"] in mine}
    if left - {WITH_FEE if booking["with_fee"] else FREE}:
        verdict.false("cancelled on other terms than the visitor's")


def judge_wish(verdict, booking, told):
    """Who has cancelled is heard: it is done, or in doubt, or with staff."""
    stands = booking["status"] in ("confirmed", "waiting", "new")
    if told.get("wished") and stands and not (booking["wish"] and booking["for_staff"]):
        verdict.lost("the visitor has cancelled, and nobody knows")


def judge_booked(verdict, booking, orders, stands):
    """Confirmed or on the waiting list: the very people on the very date, in one order."""
    status = booking["status"]
    order = next((one for one in orders if one["id"] == booking["order"]), None)
    if order is None:
        verdict.false(f"{status} with order {booking['order']}, which the books do not have")
        return
    if order["coursedate_id"] != booking["date"]:
        verdict.false(f"{status} for another date than the order's")
    if booking["remote"] not in (None, order["booking_id"]):  # a search does not tell it
        verdict.false("the booking number is not the order's")
    asked = sorted(tuple(person) for person in booking["people"])
    there = sorted((one["firstname"], one["lastname"], one["email"]) for one in stands)
    if asked != there:
        verdict.false(f"{status} for {len(asked)} people; in the books {len(there)} stand")
    if any(one["status_id"] != ENROLLED[status] for one in stands):
        verdict.false(f"{status}, but enrolled otherwise")
    if status == "confirmed":
        judge_totals(verdict, booking, [order["total_excl_vat"], order["total_incl_vat"]])


def judge_totals(verdict, booking, totals):
    """What a search has found has no totals: the page then says what was shown, and no more."""
    if None in booking["answered"]:
        return
    if booking["answered"] != totals:
        verdict.false("the order's total is another")
    shown = [amount or total for amount, total in zip(booking["shown"], totals, strict=True)]
    if shown != totals and not booking["totals_differ"]:
        verdict.false("the order's total is not what was shown, and nobody is told")


def judge_page(verdict, booking, orders, books):
    page = booking["page"]
    if page["answer"] != 200:
        verdict.lost(f"the visitor's page answers {page['answer']}")
        return
    if not page["claims"]:
        verdict.false("the page does not say where the booking stands")
    if not page["names"]:
        verdict.lost("the page does not name everyone")
    for claim in page["claims"]:
        if not is_true(claim, orders, books):
            verdict.false(f"the page says “{claim}”, and the books do not")
        if claim in ("on its way", "being cancelled"):
            verdict.lost(f"the page says “{claim}” for ever")


def is_true(claim, orders, books):
    """Whether the books bear out what a page says now."""
    enrolled = {person["status_id"] for person in standing(orders, books)}
    match claim:
        case "booked":
            return enrolled == {CONFIRMED}
        case "waiting":
            return enrolled == {WAITING}
        case "nothing" | "not yet":
            return not orders
        case "cancelled":
            return not enrolled
    return True


def was_true(claim, orders, books):
    """Whether the books bear out what a mail said once; what was booked may be cancelled since."""
    match claim:
        case "booked" | "waiting":
            return bool(orders)
        case "nothing":
            return not orders
        case "not cancelled":
            return bool(standing(orders, books))
        case "cancelled":
            return not standing(orders, books)
    return True


def judge_mails(verdict, booking, files, orders, books):
    """What has been mailed is true, and what had to be mailed has been."""
    known = {mail["message_id"]: mail for mail in booking["mails"]}
    there = {file["id"] for file in files}
    for file in files:
        for claim in file["claims"] if file["id"] in known else ():
            if not was_true(claim, orders, books):
                verdict.false(f"a mail says “{claim}”, and the books do not")
    for mail in known.values():
        if mail["state"] == "sent" and mail["message_id"] not in there:
            verdict.lost(f"the mail {mail['kind']} counts as sent and never was")
        if mail["state"] in ("due", "failed"):
            verdict.lost(f"the mail {mail['kind']} was never sent")
    wanted = TOLD.get(booking["status"], set())
    told = {mail["kind"] for mail in known.values() if mail["audience"] == "booker"}
    if wanted and not wanted & told:
        verdict.lost(f"{booking['status']}, and no mail tells the booker")
