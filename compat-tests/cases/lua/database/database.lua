-- Databases: by a driver of APR, and by a connection that mod_dbd keeps.

local function show(r, name, value)
    r:puts(name, ": ", value == nil and "(none)" or tostring(value), "\n")
end

-- Does all with one connection.
local function everything(r, db)
    --: db:active
    show(r, "active", db:active())

    --: db:query
    local affected = db:query(r, "INSERT INTO guests (name, age) VALUES ('dora', 44)")
    show(r, "inserted", affected == 1)
    show(r, "wrong", (select(2, db:query(r, "NO SQL"))) ~= nil)

    --: db:select
    local results = db:select(r, "SELECT name, age FROM guests ORDER BY name")

    --: results(0
    local rows = results(0)
    for _, row in ipairs(rows) do
        r:puts(row[1], " is ", row[2], "\n")
    end

    --: results(-1
    results = db:select(r, "SELECT name, age FROM guests ORDER BY age")
    local row = results(-1, true)
    r:puts("youngest ", row.name, " ", row.age, "\n")

    --: db:escape
    local name = db:escape(r, "o'hara")
    show(r, "escaped", name)

    --: db:prepare
    local statement = db:prepare(r, "SELECT age FROM guests WHERE name = %s")

    --: statement:select
    results = statement:select("bert")
    row = results(-1)
    show(r, "bert", row and row[1])
    show(r, "too few", (statement:select()))

    --: statement:query
    statement = db:prepare(r, "UPDATE guests SET age = %s WHERE name = %s")
    show(r, "updated", statement:query("45", "dora"))
    statement = db:prepare(r, "DELETE FROM guests WHERE name = %s")
    show(r, "deleted", statement:query("dora"))
end

function database_driver(r)
    --: r:dbacquire
    local db, why = r:dbacquire("sqlite3", r.document_root .. "/../data/guests.db")
    if not db then
        r:puts("no database: ", why, "\n")
        return apache2.OK
    end
    everything(r, db)

    --: db:close
    db:close()
    show(r, "closed", db:active())
    return apache2.OK
end

function database_pooled(r)
    local db, why = r:dbacquire()
    if not db then
        r:puts("no database: ", why, "\n")
        return apache2.OK
    end
    everything(r, db)

    --: db:prepared
    local statement = db:prepared(r, "by_age")
    local results = statement:select("30")

    --: results(2
    local row = results(2)
    show(r, "second past 30", row and row[1])
    db:close()
    return apache2.OK
end

function database_missing(r)
    local db, why = r:dbacquire("no-such-driver", "x")
    show(r, "driver", db)
    show(r, "because", why ~= nil)
    db, why = r:dbacquire()
    show(r, "mod_dbd", db)
    show(r, "because", why ~= nil)
    return apache2.OK
end

-- What needs no columns.
function database_counts(r)
    local db = r:dbacquire()
    show(r, "active", db:active())
    show(r, "updated", db:query(r, "UPDATE guests SET age = age + 1") == 3)
    local statement = db:prepare(r, "DELETE FROM guests WHERE age > %d")
    show(r, "deleted", statement:query("30"))
    show(r, "escaped", db:escape(r, "o'hara"))
    show(r, "wrong", (select(2, db:query(r, "NO SQL"))) ~= nil)
    db:close()
    return apache2.OK
end
