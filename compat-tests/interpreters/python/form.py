"""A form that comes back filled in: a CGI program in Python, with what Python's own library has for it."""
import html
import json
import os
import re
import sys
from urllib.parse import parse_qs

posted = os.environ["REQUEST_METHOD"] == "POST"
fields = {name: values[-1] for name, values in parse_qs(sys.stdin.read() if posted else os.environ["QUERY_STRING"]).items()}


def answer(status, body):
    print("Status:", status)
    print("Content-Type: text/html; charset=utf-8")
    print("X-Fields:", json.dumps(fields))
    print()
    print(body)
    sys.exit(0)


name, count = fields.get("name", "nobody"), fields.get("count", "1")
if not re.fullmatch("[1-9][0-9]{0,3}", count):
    answer("400 Bad Request", f"<p>{html.escape(count)} is no count</p>")
squares = [i * i for i in range(1, int(count) + 1)]
answer(
    "200 OK",
    f'<form method=post><input name=name value="{html.escape(name)}"><input name=count value="{count}"></form>\n'
    f"<p>Hello, {html.escape(name)}: {sum(squares)} in {count} squares</p>",
)
