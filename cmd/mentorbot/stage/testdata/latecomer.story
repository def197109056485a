# Somebody who joins in the middle gets no backlog, learns where things stand, and
# leaves in the end, with everything forgotten that may be.

mira starts
vesna starts
at 2027-03-01 12:00
ana sees nothing
ana starts
ana sees start.hello
ana sees next.welcome
ana sees no session.ask
ana sees no pace.first
ana types hello?
ana sees sorry.unknown
ana types /help
ana sees help.title
ana types /privacy
ana sees "/settings"

# A command for others is kindly refused.
ana types /announce
ana sees denied.coordinators

# She sets her own clock.
ana types /settings
ana taps button.set-zone
ana types Tbilisi
ana sees "Tbilisi"

# A wrong code, by somebody else.
borka types /start nonsense
borka sees start.wrong
borka types /log
borka sees denied.outsider
borka starts
borka sees start.hello

# She leaves, and has her data deleted.
ana types /settings
ana taps button.data
ana gets .txt
ana types /settings
ana taps button.delete
ana taps button.delete-on
ana taps button.delete-now
ana types /progress
ana sees denied.outsider
mira sees left.partner-erased
vesna sees left.erased
at 2027-06-01 12:00
ana sees nothing
