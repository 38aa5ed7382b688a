"""What partners say, what the office does about it, and what it tells them."""

from __future__ import annotations

from typing import NamedTuple


class Saying(NamedTuple):
    title: str
    said: str
    done: str
    told: str
    severity: str = "normal"


SAYINGS = (
    Saying(
        "New staff wait two weeks for an account",
        "We hire a caseworker and she sits beside somebody for two weeks because she cannot sign in.",
        "Accounts are now ordered from the hiring form. The last ten were ready on the first day.",
        "From this month an account is ordered when you hire. Tell us if a new colleague waits longer than a day.",
    ),
    Saying(
        "Video freezes in the north building",
        "Every hearing by video freezes once or twice. The judge has started to ask whether we paid the bill.",
        "A second access point on the third floor; measured for a week without a dropout.",
        "We added a second access point on your third floor and watched it for a week: no dropouts.",
        "high",
    ),
    Saying(
        "The monthly bill arrives after our own closing",
        "Your bill comes on the ninth. Our books close on the fifth.",
        "Bills are issued on the second working day from this quarter on.",
        "You will have our bill on the second working day of the month.",
    ),
    Saying(
        "Nobody could say who to call on a Saturday",
        "The lab's freezer alarm runs over the network and nobody knew who to call on a Saturday.",
        "A weekend number is on the contact card and on the door of the server room.",
        "Your weekend number is 555-0142; a person answers it.",
        "high",
    ),
    Saying(
        "Password reset takes a morning",
        "I lost a morning because my phone was new and the reset went to the old one.",
        "Two ways to confirm a reset, and a desk in the lobby for those who lost both.",
        "You can now add a second way to confirm a reset; it takes two minutes on your own page.",
    ),
    Saying(
        "We were not asked before the mail moved",
        "You moved our mail on the week of the grant deadline. Nobody asked us.",
        "Moves are now agreed with each office four weeks ahead; the calendar of busy weeks is on the page.",
        "We should have asked. Moves are now agreed with you four weeks ahead, around your busy weeks.",
        "high",
    ),
    Saying(
        "Field inspectors cannot read the form in sunlight",
        "It is grey on grey. In the sun it is nothing.",
        "The form has a high-contrast version which is the default on tablets.",
        "The inspection form is black on white on tablets from today.",
    ),
    Saying(
        "Invoices for a server we switched off",
        "We turned that machine off in spring. It is still on the bill.",
        "The machine is off the list since the first; the months since spring were credited.",
        "The server is off your bill and the months since spring are credited.",
    ),
    Saying(
        "Printer driver breaks after each update",
        "Every second Wednesday the label printer forgets what it is.",
        "The driver is pinned and tested with your labels before each update.",
        "We test your label printer before every update now. Please call if a Wednesday surprises you again.",
        "low",
    ),
    Saying(
        "Backups: when did anyone last try to restore?",
        "We pay for backups. Has anybody ever restored one of ours?",
        "A file server of theirs was restored to an empty machine: 3 hours 10 minutes, complete.",
        "We restored your file server to an empty machine on Tuesday: complete, in 3 hours 10 minutes.",
        "high",
    ),
    Saying(
        "Tickets are closed before the problem is gone",
        "I get a mail that it is solved. It is not solved.",
        "A ticket of theirs is closed only after a call; the desk was told why.",
        "We will call before we close a ticket of yours.",
    ),
    Saying(
        "We cannot hear the person on the help desk",
        "There is a fan or a crowd behind every call.",
        "New headsets for the desk, and panels along the window.",
        "The desk has new headsets. Call us and judge for yourself.",
        "low",
    ),
    Saying(
        "Public records search takes weeks",
        "A reporter asks and we need three weeks to search our own mail.",
        "Their records officer can search the mail archive herself; she was trained on the 4th.",
        "Your records officer can now search the archive herself.",
    ),
    Saying(
        "Two systems want the same address typed twice",
        "We type the farm's address in the permit and again in the inspection.",
        "The inspection reads the address from the permit.",
        "You type an address once now: the inspection takes it from the permit.",
    ),
    Saying(
        "Slow line at the county annex",
        "From the annex it takes a minute to open a deed.",
        "The annex moved to the fibre of the courthouse; a deed opens in two seconds.",
        "The annex is on fibre. Opening a deed took two seconds when we tried it with the clerk.",
    ),
    Saying(
        "We want to know about outages before the public does",
        "We read about our own outage in the paper.",
        "They are on the list that is called within fifteen minutes.",
        "You are on the list we call within fifteen minutes. The drill last week took nine.",
        "high",
    ),
    Saying(
        "Training for the new finance system was too late",
        "We were trained a month after we had to use it.",
        "Two half days for their staff before the next release, and a sandbox.",
        "Training comes before the release now; your places are booked.",
    ),
    Saying(
        "Phishing test landed during the storm",
        "You tested us while the river was over the road.",
        "Tests are held back when an emergency is declared.",
        "We no longer send test mails while an emergency is declared.",
        "low",
    ),
    Saying(
        "Signature tablets at the counter fail on Mondays",
        "Mondays, always, from nine to ten.",
        "A job on Sunday night had locked them; it was moved.",
        "The Sunday job that locked your tablets was moved. Three Mondays without a failure.",
    ),
    Saying(
        "What would storage cost us next year?",
        "The board meets in May and I have no number.",
        "A forecast with a range was sent and explained on the phone.",
        "You have the forecast with its range; call me before your board meets.",
    ),
)

OFFICE_SAYINGS = (
    Saying(
        "Nobody reads the monthly newsletter",
        "It is long, it is late, and it is about us.",
        "Replaced by one page with three things that change for partners.",
        "",
        "low",
    ),
    Saying(
        "Our own staff learn of changes from partners",
        "I heard of the new rate from a county clerk.",
        "Changes are said at the morning call a week before they are sent.",
        "",
    ),
)

VISIT_TOPICS = (
    (
        "Quarterly review",
        "Went through what is open. They would rather have one person to call than five numbers.",
    ),
    ("First visit", "Saw how the counter works. Their week turns around court day."),
    ("Field office visit", "Two people share a laptop. The line is slow after three."),
    ("Budget talk", "They must ask for money by the first of the month before the session."),
    ("Site visit after the outage", "Walked through the morning of the outage minute by minute."),
    ("Lunch with the IT lead", "Likes the new desk. Worried about the move of the mail."),
    ("New director, first meeting", "Wants a picture of what we do for them on one page."),
    ("Security walk-through", "Badge readers, the open closet on two, visitors' wireless."),
)

PROMISES = (
    "Send the list of services they use, with prices",
    "Ask the network group for a date and call back",
    "Bring the security officer next time",
    "Find out why the March bill was higher",
    "Set up a sandbox for their trainers",
    "Check whether the annex can move to fibre",
    "Send the plan for the mail move before the board meets",
    "Introduce them to the county that did this last year",
)
