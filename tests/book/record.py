"""Records a terminal in which a run is begun, left in the midst, and gone on with, as an asciicast.

    python3 record.py FOLDER-OF-THE-SERVER STORE > terminal.cast    # from the root of the repository

What is typed and printed is what a real shell in a real terminal has shown; only the pauses are made up, so that
people can follow. Standard library only; not for Windows.
"""

import codecs
import fcntl
import json
import os
import pty
import re
import select
import struct
import sys
import termios
import time

COLUMNS, ROWS = 100, 28
ANSWERS = "examples/planning.answers.yaml"
PROMPT = "\x1b[32m$\x1b[0m "

# Seconds: what a word takes to type, a line to be printed, and how long people look
WORD, LINE, LOOK, LONG_LOOK = 0.14, 0.12, 1.6, 3.5


class Terminal:
    """A shell in a terminal, whose time passes as it is told."""

    def __init__(self, path, store):
        self.now = 0.0
        self.events = []
        self.text = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {
                "PATH": f"{path}:{os.environ['PATH']}",
                "HOME": os.environ["HOME"],
                "LANG": "C.UTF-8",
                "TERM": "xterm-256color",
                "PS1": PROMPT,
                "PS2": "> ",
                "WORKFLOW_STORE": store,
            }
            # Without bracketed paste, whose switches no picture shows.
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "--noediting"], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def wait_for(self, ending):
        """Takes in what is shown until it ends so; a line after the other appears."""
        shown, deadline = "", time.monotonic() + 30
        while not shown.endswith(ending):
            ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                sys.exit(f"`{ending}` did not come, but {shown!r}")
            shown += self.decoder.decode(os.read(self.fd, 65536))
        for line in shown.splitlines(keepends=True):
            self.events.append([round(self.now, 3), "o", line])
            self.now += LINE
        self.text += shown

    def type(self, text, ending):
        """Types a line, word by word, and waits for what follows."""
        self.paste(re.findall(r"\S+\s*", text), ending)

    def paste(self, pieces, ending):
        """Puts in a line, piece by piece, and waits for what follows."""
        for piece in pieces:
            os.write(self.fd, piece.encode())
            self.wait_for(piece)
            self.now += WORD - LINE
        os.write(self.fd, b"\n")
        self.wait_for(ending)

    def look(self, seconds=LOOK):
        """Lets people read."""
        self.now += seconds

    def end(self):
        """Ends the shell."""
        os.write(self.fd, b"exit\n")
        os.waitpid(self.pid, 0)


def answer(step):
    """The answer of the example's file, a text of some lines, as it stands there."""
    text = open(ANSWERS, encoding="utf-8").read()
    block = re.search(rf"^{step}: \|\n((?:  .*\n)+)", text, re.MULTILINE)
    return [line[2:] for line in block.group(1).splitlines()]


def main(path, store):
    terminal = Terminal(path, store)
    terminal.wait_for(PROMPT)
    terminal.look(0.6)
    terminal.type("workflow-server run planning:interactive \\", "> ")
    terminal.type(
        """  --input task_description="Move the shop's search to a search engine\"""",
        "ended by a line .)> ",
    )
    terminal.look()
    terminal.type("<<", "> ")
    for line in answer("gather-requirements"):
        terminal.paste([line], "> ")
    terminal.type(".", "ended by a line .)> ")
    terminal.look(LONG_LOOK)
    # They leave: the end of the input.
    os.write(terminal.fd, b"\x04")
    terminal.wait_for(PROMPT)
    terminal.look()
    run = re.search(r"run (\w{32}) of", terminal.text).group(1)
    terminal.type("clear", PROMPT)
    terminal.type(f"workflow-server runs show {run} | head -n 5", PROMPT)
    terminal.look(LONG_LOOK)
    terminal.type(f"workflow-server run --resume {run} --answers {ANSWERS}", PROMPT)
    terminal.look(LONG_LOOK)
    terminal.end()
    print(json.dumps({"version": 2, "width": COLUMNS, "height": ROWS, "env": {"TERM": "xterm-256color"}}))
    for event in terminal.events:
        print(json.dumps(event))
    print(json.dumps([round(terminal.now, 3), "o", ""]))


main(*sys.argv[1:])
