# A pair through the whole cycle: they join, answer, meet, disagree once, come to the
# live event, and reach their three meetings.

vesna starts
mira starts
mira sees start.hello
mira sees next.welcome
ana starts
ana sees start.hello
ana taps button.whats-next
ana sees upcoming.title

# The opening session: Ana comes, Mira can't.
at 2027-01-15 12:00
ana sees session.ask
ana taps button.come
ana sees gathering.ask-name
ana taps button.show-name
ana sees gathering.name-shown
mira sees session.ask
mira taps button.cant
mira sees gathering.not
at 2027-01-21 17:00
ana sees session.soon
mira sees nothing

# They meet, and log it with three taps.
at 2027-02-03 20:00
ana types /log
ana sees ask.day-held
ana taps day.yesterday
ana sees log.how-long
ana taps button.back
ana sees ask.day-held
ana taps day.today
ana taps length.minutes
ana sees log.done
ana reads log.fine
mira sees confirm.told
mira taps button.right
mira sees confirm.thanks

# Logged by mistake, and undone.
ana types /log yesterday 60
ana sees log.done
mira sees confirm.told
ana taps button.undo
ana sees undo.log
mira sees note.taken-back

# Weeks go by without a meeting: the bot reminds, and the button settles it.
at 2027-04-28 12:00
ana sees event.ask
ana taps button.come
ana sees gathering.coming
ana sees pace.first
ana taps button.log
ana sees ask.day-held
ana taps day.today
ana taps length.minutes
ana sees log.done

# Mira remembers it otherwise.
mira sees confirm.told
mira taps button.off
mira sees confirm.disputed
ana sees note.disputed
ana taps button.take-back
ana sees confirm.taken-back
mira sees note.taken-back
mira types /log today 90
mira sees log.done
ana sees confirm.told
ana taps button.right
ana sees confirm.thanks

# Mira is away for a while, and hears nothing until she is back.
mira types /settings
mira sees settings.title
mira taps button.set-pause
mira types 2027-05-10
mira sees pause.set

at 2027-05-20 12:00
ana types /progress
ana sees progress.pair
ana types /log today 60
ana sees pace.reached

# The live event.
at 2027-06-18 09:00
ana sees event.coming
ana sees event.morning
ana types /event
ana sees "Belgrade"
ana types /next
ana sees upcoming.title
at 2027-06-30 23:00
