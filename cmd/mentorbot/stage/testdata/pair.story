# A pair through the whole cycle.
mira starts
mira sees start.hello
ana starts
ana sees start.hello

# The opening session.
at 2027-01-14 18:00
ana sees session.ask
ana taps button.come
at 2027-01-20 12:00
mira sees session.ask
mira taps button.cant
at 2027-01-21 17:00
ana sees session.soon
at 2027-01-21 18:30
mira sees no session.soon

# They meet, and log it.
at 2027-02-03 20:00
ana types /log
ana sees ask.day-held
ana taps day.yesterday
ana sees ask.length
ana types 90
ana sees log.done
ana sees log.fine
mira sees confirm.told
mira taps button.right
mira sees confirm.thanks
