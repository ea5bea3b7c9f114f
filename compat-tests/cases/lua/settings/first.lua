-- A file that another takes the place of while the server runs.

function settings_answer(r)
    r:puts("the first\n")
    return apache2.OK
end
