-- The constants of the package apache2.

function constants(r)
    --: apache2.OK, apache2.DECLINED, apache2.DONE
    r:puts(apache2.OK, " ", apache2.DECLINED, " ", apache2.DONE, "\n")

    --: apache2.HTTP_MOVED_TEMPORARILY
    r:puts(apache2.HTTP_MOVED_TEMPORARILY, "\n")

    --: apache2.PROXYREQ_NONE, apache2.PROXYREQ_PROXY, apache2.PROXYREQ_REVERSE, apache2.PROXYREQ_RESPONSE
    r:puts(apache2.PROXYREQ_NONE, " ", apache2.PROXYREQ_PROXY, " ")
    r:puts(apache2.PROXYREQ_REVERSE, " ", apache2.PROXYREQ_RESPONSE, "\n")

    --: apache2.AUTHZ_DENIED, apache2.AUTHZ_GRANTED, apache2.AUTHZ_NEUTRAL, apache2.AUTHZ_GENERAL_ERROR, apache2.AUTHZ_DENIED_NO_USER
    r:puts(apache2.AUTHZ_DENIED, " ", apache2.AUTHZ_GRANTED, " ", apache2.AUTHZ_NEUTRAL, " ")
    r:puts(apache2.AUTHZ_GENERAL_ERROR, " ", apache2.AUTHZ_DENIED_NO_USER, "\n")

    --: apache2.version
    r:puts(apache2.version, "\n")
    return apache2.OK
end

function constants_done(r)
    r:puts("done\n")
    return apache2.DONE
end

function constants_declined(r)
    return apache2.DECLINED
end
