-- A page with a form, and the answer to it.

local page = [[
<!DOCTYPE html>
<title>Feedback</title>
<form method="post">
  <label>Name <input name="name"></label>
  <label>Message <textarea name="message"></textarea></label>
  <button>Send</button>
</form>
]]

function handle(r)
    r.content_type = "text/html; charset=utf-8"
    if r.method == "GET" or r.method == "HEAD" then
        r:puts(page)
        return apache2.OK
    end
    if r.method ~= "POST" then
        return 405
    end
    local form = r:parsebody()
    if not form.name or form.name == "" then
        r.status = 422
        r:puts("<p>Please give a name.</p>\n")
        return apache2.OK
    end
    r:puts("<p>Thank you, ", r:escape_html(form.name), ".</p>\n")
    r:puts("<blockquote>", r:escape_html(form.message or ""), "</blockquote>\n")
    return apache2.OK
end
