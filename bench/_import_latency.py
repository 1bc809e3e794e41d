"""How long requests wait while a large import is checked and written: the budget is two seconds.

    python -m bench._import_latency http://127.0.0.1:8000 USER PASSWORD [ROWS [all|valid]]

Against a product that runs already (``make run``): it signs in, sends a sheet of acts through the import wizard, and
meanwhile asks again and again for pages, one of them a page that writes. The acts are new and are undone at the end.
``requests`` comes with the test tools.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import Counter, defaultdict
from typing import Any

import requests

PAGES = ("/en/brands/", "/en/desk/", "/en/desk/imports/", "/healthz")
BREAK = 0.1
SLOW = 2.0


def sheet(rows: int, brand: str) -> bytes:
    text = "mot " * 60
    lines = ["Clé;Marque;Ce qu’elle a fait, en français;Date;SU;Motif en français"]
    mark = int(time.time())
    lines += [
        f"bench-{mark}-{n};{brand};Acte {mark} {n}.;{13 + n % 15}/{1 + n % 12:02d}/2020;2;{text}" for n in range(rows)
    ]
    return "\n".join(lines).encode()


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, base: str, user: str, password: str) -> None:
        self.base, self.http = base, requests.Session()
        self.sign_in(user, password)

    def sign_in(self, user: str, password: str) -> None:
        self.post("/en/account/login/", {"username": user, "password": password})

    def post(self, path: str, fields: dict[str, str], files: Any = None, form: str = "") -> requests.Response:
        token = self.hidden(self.get(form or path).text, "csrfmiddlewaretoken")
        said = {**fields, "csrfmiddlewaretoken": token}
        answer = self.http.post(self.base + path, data=said, files=files, headers={"Referer": self.base}, timeout=300)
        assert answer.status_code < 400, (path, answer.status_code, answer.text[:2000])
        return answer

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.base + path, timeout=300)

    @staticmethod
    def hidden(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        assert found, f"the page has no field {name}"
        return found[1]


class Watch:
    """Asks for pages until it is told to stop, and remembers how long each answer took in which phase."""

    def __init__(self, reader: Person, writer: Person, user: str, password: str) -> None:
        self.reader, self.writer, self.account = reader, writer, (user, password)
        self.phase, self.over = "before", threading.Event()
        self.taken: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self.threads = [threading.Thread(target=self.read), threading.Thread(target=self.write)]

    def __enter__(self) -> Watch:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def timed(self, name: str, work: Any) -> None:
        phase, start = self.phase, time.perf_counter()
        work()
        self.taken[phase, name].append(time.perf_counter() - start)

    def read(self) -> None:
        while not self.over.wait(BREAK):
            for page in PAGES:
                self.timed(page, lambda: self.reader.get(page))  # noqa: B023

    def write(self) -> None:
        """Signing in writes a session: it waits for whoever holds the database."""
        while not self.over.wait(BREAK * 5):
            try:
                self.timed("sign in (writes)", lambda: self.writer.sign_in(*self.account))
            except AssertionError:
                self.refused[self.phase] += 1
            self.writer.http.cookies.clear()

    def report(self) -> bool:
        print(f"{'phase':<10} {'request':<18} {'times':>6} {'median s':>9} {'slowest s':>10}")
        for (phase, name), seconds in sorted(self.taken.items()):
            middle = sorted(seconds)[len(seconds) // 2]
            print(f"{phase:<10} {name:<18} {len(seconds):>6} {middle:>9.2f} {max(seconds):>10.2f}")
        print("refused:", dict(self.refused) or "none")
        return not self.refused and max(map(max, self.taken.values())) <= SLOW


def wait_until(person: Person, state_page: str) -> None:
    while person.get(state_page).json()["at_work"]:
        time.sleep(0.3)


def main(base: str, user: str, password: str, rows: int) -> int:
    person = Person(base, user, password)
    page = person.get("/en/desk/imports/").text
    crisis = re.search(r'<select name="crisis".*?<option value="(\d+)"', page, re.DOTALL)
    assert crisis, "no crisis to choose"
    with Watch(Person(base, user, password), Person(base, user, password), user, password) as watch:
        time.sleep(3)
        watch.phase = "1 upload"
        fields = {"type": "actions", "crisis": crisis[1]}
        file = {"file": ("acts.csv", sheet(rows, "3m"))}
        answer = person.post("/en/desk/imports/", fields, file)
        job = answer.url.removeprefix(base).removesuffix("columns/")
        chosen = dict(re.findall(r'name="(column-\d+)".*?<option value="([^"]+)" selected', answer.text, re.DOTALL))
        watch.phase, start = "2 check", time.perf_counter()
        person.post(f"{job}columns/", chosen)
        wait_until(person, f"{job}state/")
        checked = time.perf_counter() - start
        watch.phase, start = "3 write", time.perf_counter()
        person.post(f"{job}confirm/", {"mode": sys.argv[5] if len(sys.argv) > 5 else "all"}, form=f"{job}check/")
        wait_until(person, f"{job}state/")
        written = time.perf_counter() - start
        watch.phase, start = "4 undo", time.perf_counter()
        try:
            person.post(f"{job}undo/", {}, form=job)
        except AssertionError as error:
            print("not undone:", str(error)[:90])
        undone = time.perf_counter() - start
    print(f"{rows} rows: checked in {checked:.0f} s, written in {written:.0f} s, undone in {undone:.0f} s, on the wall")
    return 0 if watch.report() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4], int(sys.argv[4]) if len(sys.argv) > 4 else 20_000))  # type: ignore[arg-type]
