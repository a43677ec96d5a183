"""What a warm question costs, whole process, against a two-command Typer program.

    python benchmarks/startup.py [RUNS]

Both run in turn in the environment that runs this file, as installed console scripts would; the
medians and their ratio are printed.  Aim: a table in at most 1.5 times the hello-world.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HELLO = """import typer
app = typer.Typer()
@app.command()
def hello(name: str): print("hello", name)
@app.command()
def bye(name: str): print("bye", name)
"""
SCRIPT = "import sys; from {module} import {name}; sys.exit({name}())"


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hello_typer.py").write_text(HELLO)
        env = {**os.environ, "PYTHONPATH": folder, "PLANCLI_CACHE": f"{folder}/cache"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)

        def timed(module: str, name: str, *argv: str) -> float:
            code = SCRIPT.format(module=module, name=name)
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", code, *argv],
                env=env,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return (time.perf_counter() - start) * 1000

        asked = {
            "typer hello-world": ("hello_typer", "app", "hello", "x"),
            "plancli agency 省能源局": ("plancli.__main__", "run", "agency", "省能源局"),
            "plancli agency 省能源局 -f tsv": (
                *("plancli.__main__", "run", "agency", "省能源局", "-f", "tsv"),
            ),
        }
        cold = timed(*asked["plancli agency 省能源局"])
        for each in asked.values():  # once, so that compiled files and the cache are there
            timed(*each)
        times: dict[str, list[float]] = {name: [] for name in asked}
        for _run in range(runs):
            for name, each in asked.items():
                times[name].append(timed(*each))
    base = statistics.median(times["typer hello-world"])
    print(f"Python {platform.python_version()}, {platform.system()}, {runs} runs in turn, ms")
    print("| whole process | min | median | ratio |\n| --- | --- | --- | --- |")
    for name, taken in times.items():
        median = statistics.median(taken)
        print(f"| {name} | {min(taken):.0f} | {median:.0f} | {median / base:.2f} |")
    print(f"| the first question, with the build | | {cold:.0f} | {cold / base:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
