"""Every link within a book that mdBook has made leads to a file, and to a place that is in it."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The ids of a page, and what it links to."""

    def __init__(self, path):
        super().__init__()
        self.ids = set()
        self.links = []
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.add(attrs["id"])
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])


def main(folder):
    # The page of all pages has its own places; the other two are for no reader.
    apart = {"print.html", "404.html", "toc.html"}
    files = [path for path in folder.rglob("*.html") if path.name not in apart]
    pages = {path.resolve(): Page(path) for path in files}
    dead = []
    followed = 0
    for path, page in pages.items():
        for link in page.links:
            url = urlsplit(link)
            if url.scheme or url.netloc or url.path.endswith("print.html"):
                continue
            followed += 1
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                dead.append(f"{path}: {link} is not there")
            elif url.fragment and unquote(url.fragment) not in pages[target].ids:
                dead.append(f"{path}: {link} has no such place")
    print("\n".join(dead) or f"{followed} links in {len(pages)} pages lead somewhere")
    if dead or followed < 500:
        sys.exit(1)


main(Path(sys.argv[1]))
