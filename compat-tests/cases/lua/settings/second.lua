-- The same function as in first.lua, to take its place.

function settings_answer(r)
    r:puts("the second\n")
    return apache2.OK
end
