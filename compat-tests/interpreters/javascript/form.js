// A form that comes back filled in: a CGI program in JavaScript.
const fields = {};
for (const pair of (env.REQUEST_METHOD === "POST" ? input() : env.QUERY_STRING).split("&")) {
    const [name, value = ""] = pair.split("=").map((part) => decodeURIComponent(part.replace(/\+/g, " ")));
    if (name) fields[name] = value;
}
const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

print("Content-Type: text/html; charset=utf-8");
print("X-Fields: ", Object.keys(fields).length);
print("");
print("<form method=post><input name=name value=\"", escape(fields.name ?? ""), "\"><input name=count value=\"", escape(fields.count ?? "0"), "\"></form>");
const squares = Array.from({ length: Number(fields.count ?? 0) }, (_, i) => i * i);
print("<p>Hello, ", escape(fields.name || "nobody"), ": ", squares.reduce((sum, n) => sum + n, 0), " in ", squares.length, " squares</p>");
