import logging
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from catalog.models import Refresh
from catalog.refresh import AlreadyRunning, refresh_catalog
from catalog.upstream import open_frontcore
from frontcore import Priority

EVERY_S = 5


class Command(BaseCommand):
    help = "Copies courses, dates and prices from Frontcore, here and now, without the worker."

    def add_arguments(self, parser):
        parser.add_argument(
            "--kind",
            choices=Refresh.Kind.values,
            default=Refresh.Kind.FULL,
            help="what to ask for; apply: withdraw what was held back (%(default)s)",
        )

    def handle(self, *args, kind, **options):
        self.told, self.width, self.told_at = None, 0, 0
        logging.getLogger("catalog.refresh").setLevel(logging.WARNING)  # told here, for people
        try:
            with translation.override("en"), open_frontcore(Priority.REFRESH) as api:
                run = refresh_catalog(api, kind, report=self.show)
        except AlreadyRunning:
            raise CommandError("Another refresh is running; nothing was done.") from None
        self.end_line()
        if run.outcome in (Refresh.Outcome.FAILED, Refresh.Outcome.LOST):
            raise CommandError(
                f"The refresh failed and the last good copy stays on air. {run.error}"
            )
        self.stdout.write(in_words(run))

    def show(self, run):
        """One line that moves on a terminal; elsewhere a line for each phase and every few
        seconds."""
        count = f" {run.done}" + (f" of {run.total}" if run.total else "") if run.done else ""
        line = f"  {run.get_phase_display()}{count}"
        if self.stdout.isatty():
            self.stdout.write(f"\r{line:<{self.width}}", ending="")
            self.width = len(line)
        elif run.phase != self.told or time.monotonic() >= self.told_at + EVERY_S:
            self.told, self.told_at = run.phase, time.monotonic()
            self.stdout.write(line)
        self.stdout.flush()

    def end_line(self):
        if self.stdout.isatty():
            self.stdout.write(f"\r{'':<{self.width}}\r", ending="")


def in_words(run):
    """What the run did, for people."""
    seconds = (run.ended_at - run.started_at).total_seconds()
    parts = [f"{run.created} new", f"{run.changed} changed", f"{run.unchanged} unchanged"]
    parts.append(f"seats of {run.seats} dates") if run.seats else None
    parts.append(f"{run.withdrawn} withdrawn") if run.withdrawn else None
    parts.append(f"{run.bad} unreadable") if run.bad else None
    done = f"{', '.join(parts)}; {run.requests} requests in {seconds:.1f} s."
    if run.held:
        done += f"\n{run.held} removals are held back: look at them in the admin, under Refreshes."
    at = timezone.localtime(run.started_at)
    return f"Refreshed {at:%d.%m.%Y %H:%M}: {done}"
