"""What the tests of the page share: a page in a browser, asked by its address, read as it stands."""

import random
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlencode

import yaml

NUMBERS = "[...document.querySelectorAll('#tasks article:not([hidden])')].map(a => a.dataset.no)"
# Go to each address in turn, and read what `read` says of the page.
VISIT = """async ([addresses, read]) => {
  const look = eval(read);
  const found = [];
  for (const address of addresses) {
    if (location.hash !== new URL(address, location.href).hash) {
      const there = new Promise((done, fail) => {
        addEventListener('hashchange', done, { once: true });
        setTimeout(() => fail(new Error(`never came to ${address}`)), 5000);
      });
      location.hash = address;
      await there;
    }
    found.push(look());
  }
  return found;
}"""
# Type each word, and read which tasks are shown and what is said of them.
TYPE = """(words) => words.map((word) => {
  const box = document.getElementById('q');
  box.value = word;
  box.dispatchEvent(new Event('input'));
  return [[...document.querySelectorAll('#tasks article:not([hidden])')].map(a => a.dataset.no),
          [...document.querySelectorAll('#count p:not(.total)')].map(p => p.className)];
})"""
COUNTS = """() => Object.fromEntries(
  [...document.querySelectorAll('#facets [data-count]')]
    .map(b => [b.dataset.key, Number(b.dataset.count)]))"""


def address(*pairs: tuple[str, str]) -> str:
    """Return the address of a question."""
    return f"#{urlencode(pairs)}"


class Reader:
    """A page of plancli in a browser, and what it asked the network for and complained of."""

    def __init__(self, browser, file: Path, **context):
        given = {"locale": "zh-CN", "viewport": {"width": 1280, "height": 900}, **context}
        self.context = browser.new_context(bypass_csp=False, **given)
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.home = file.as_uri()
        self.page.goto(self.home)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def visit(self, addresses: Iterable[str], read: str = f"() => {NUMBERS}"):
        """Return what *read* says of the page at each of *addresses*."""
        expression = VISIT.replace("eval(read)", read)  # the page itself allows no eval
        return self.page.evaluate(expression, [list(addresses), ""])

    def shown(self, *pairs: tuple[str, str]) -> list[str]:
        """Return the numbers of the tasks that a question shows."""
        return self.visit([address(*pairs)])[0]

    def typed(self, words: list[str]):
        """Return for each of *words*, typed, the numbers shown, and the kinds of what is said."""
        self.visit(["#"])
        return self.page.evaluate(TYPE, words)

    def texts(self, selector: str) -> list[str]:
        """Return the words of all that *selector* finds."""
        return self.page.locator(selector).all_text_contents()


def made_up(n: int, file: Path, *, bodies: int = 40, seed: int = 1) -> Path:
    """Write a plan of *n* tasks, in four lists of eight sections, and return *file*."""
    chance = random.Random(seed)
    names = [
        f"省{chance.choice('甲乙丙丁戊')}{chance.choice('子丑寅卯')}{at}局" for at in range(bodies)
    ]
    stock = (
        "推进加快建设科技创新产业协同发展机制改革试点项目规划金融生态环境交通能源数据服务共享" * 2
    )
    numerals = "一二三四五六七八"
    tasks = []
    for at in range(n):
        lead, *rest = chance.sample(names, chance.randint(1, 6))
        duties = [{"lead": [lead]}, *([{"participate": rest}] if rest else [])]
        clause = f"{lead}牵头" + (f"，{'、'.join(rest)}按职责分工负责" if rest else "")
        text = "".join(chance.choices(stock, k=chance.randint(60, 240))) + "。"
        tasks.append({"no": str(at + 1), "text": text, "clause": clause, "duties": duties})
    share = max(1, -(-n // 32))
    parts = [tasks[at : at + share] for at in range(0, n, share)]
    lists = [
        {
            "no": numerals[at // 8],
            "title": f"重点任务{at // 8 + 1}",
            "sections": [
                {"no": numerals[below], "title": f"第{below + 1}类", "tasks": part}
                for below, part in enumerate(parts[at : at + 8])
            ],
        }
        for at in range(0, len(parts), 8)
    ]
    plan = {
        "id": "made-up",
        "title": "某省2030年重点工作",
        "year": 2030,
        "jurisdiction": "安徽",
        "source": {"publisher": "演练网", "date": "2030-01-01"},
        "lists": lists,
        "agencies": [{"name": name, "kind": "省直部门"} for name in names],
    }
    file.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), "utf-8")
    return file
