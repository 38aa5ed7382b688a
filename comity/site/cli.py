"""`comity`: the commands that the people who run an installation script. They stay as they are.

Each is a Django management command that lives in the room it belongs to; this is only the front door. Exit codes:
0 done, 1 refused, with the reason in a sentence on standard error, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import comity

DONE, REFUSED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True)
class Entry:
    """A command as people type it, and the Django command behind it."""

    room: str
    command: str
    does: str


COMMANDS = {
    "admin": Entry("people", "admin", "make someone an administrator: comity admin EMAIL"),
    "import": Entry(
        "imports", "import_file", "import partners, people, survey responses or another list from a file"
    ),
    "wave": Entry("surveys", "wave", "list survey waves; open, remind, close; show results"),
    "rates": Entry("rates", "rates", "propose the rates of a file; write the rate sheet of a day"),
    "services": Entry("services", "services", "import the catalog of services, or write it out"),
    "follow-ups": Entry("followups", "follow_ups", "list what was promised and how far it is"),
    "levels": Entry("levels", "levels", "show what a month of service levels came to: comity levels 2026-10"),
    "meetings": Entry(
        "meetings", "meetings", "meetings and visits out of a calendar: comity meetings import FILE.ics"
    ),
    "council": Entry(
        "councils", "council", "count a vote on money from a file: comity council tally FILE.pb --method ..."
    ),
    "health": Entry("health", "health", "show how it stands with everybody, or with one partner and why"),
    "patterns": Entry("patterns", "patterns", "list problems that several have, and what the night proposed"),
    "impact": Entry("applications", "impact", "say what falls if an item goes down, and whom to call"),
    "coverage": Entry("briefing", "coverage", "list who looks after which partner, and who has no contact"),
    "bill": Entry("billing", "bill", "run a month’s bills, approve and issue them; show and explain one"),
    "export": Entry("billing", "export", "write a month’s bills for other systems: FOCUS, ledger postings"),
    "audit": Entry("audit", "audit", "check that the trail was not tampered with: comity audit verify"),
    "backup": Entry("site", "backup", "write the database and the files into one archive"),
    "restore": Entry("site", "restore", "restore the database and the files from an archive"),
    "check": Entry("site", "check_install", "list what this installation still needs for real use"),
    "demo": Entry("demo", "demo", "create the State of Franklin, a sample to look at"),
    "migrate": Entry("site", "prepare", "bring the database and the static files up to date"),
    "serve": Entry("site", "serve", "serve the pages and do the background work"),
    "mail": Entry("inbox", "mail", "take in a message to a partner’s own address: comity mail take"),
    "mail-bounce": Entry("outbox", "mail_bounce", "record a bounced email, read from standard input"),
    "tickets": Entry("tickets", "tickets", "tickets out of the list of a tool: comity tickets import FILE"),
    "sync": Entry("itsm", "sync", "read ServiceNow: comity sync servicenow; serve the stub that plays it"),
    "usage": Entry("usage", "usage", "load files of usage, and count what became of their rows"),
    "worker": Entry("jobs", "worker", "do only the background work, for a second machine"),
}

# Options of Django's own that mean nothing to the people who run an installation.
DJANGO_OPTIONS = {"--settings", "--pythonpath", "--traceback", "--no-color", "--force-color", "--skip-checks"}


def usage() -> str:
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:<{width}}  {entry.does}" for name, entry in COMMANDS.items())
    more = "Run comity COMMAND --help to see a command’s options."
    return f"usage: comity COMMAND [OPTIONS]\n\n{lines}\n\n{more}"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    name, *rest = arguments or [""]
    if name in {"-h", "--help", "help"}:
        print(usage())
        return DONE
    if name == "--version":
        print(f"Comity {comity.__version__}")
        return DONE
    if name not in COMMANDS:
        reason = f"comity: there is no command {name!r}\n\n" if name else ""
        print(reason + usage(), file=sys.stderr)
        return WRONG_USAGE
    return _run(name, rest)


def _run(name: str, arguments: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.site.settings")
    django.setup()
    from django.core.management import CommandError, load_command_class
    from django.core.management.color import no_style
    from django.db import OperationalError, ProgrammingError, connections

    from comity.core.errors import DomainError

    command = load_command_class(f"comity.{COMMANDS[name].room}", COMMANDS[name].command)
    command.style = no_style()
    command.suppressed_base_arguments = {*command.suppressed_base_arguments, *DJANGO_OPTIONS, "--version"}
    vars(command)["_called_from_command_line"] = True  # as run_from_argv does: a wrong usage exits with 2
    options = vars(command.create_parser("comity", name).parse_args(arguments))
    positional = options.pop("args", ())
    try:
        command.execute(*positional, **options)
    except (CommandError, DomainError) as refusal:
        return _refuse(str(refusal), getattr(refusal, "returncode", REFUSED))
    except (OperationalError, ProgrammingError) as failure:
        return _refuse(
            f"The database cannot be used: {str(failure).strip()}\nWas `comity migrate` run?", REFUSED
        )
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        connections.close_all()
    return DONE


def _refuse(reason: str, code: int) -> int:
    print(reason, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
