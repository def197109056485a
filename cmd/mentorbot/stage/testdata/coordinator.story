# A coordinator runs the cycle without any file: she sees who has joined, announces,
# adds and moves a session, takes attendance, and settles what needs her.

vesna starts
vesna sees start.sees-coordinator
vesna types /overview
vesna sees overview.joined
ana starts
mira starts
dino starts

# She announces something, and sees who has read it.
vesna types /announce
vesna sees announce.ask-audience
vesna taps announce.everyone
vesna sees announce.ask-text
vesna types *Welcome* to the cycle! The plan is at https://example.org/plan
vesna sees announce.looks
vesna taps button.post-now
vesna sees announce.sent
ana sees "Welcome"
ana taps button.post-read
ana sees announcement.thanks
vesna sees announce.delivered

# She writes to one pair, and thinks better of it.
vesna types /announce
vesna taps announce.mentees
vesna types Dear mentees
vesna taps button.post-discard
vesna sees announce.discarded

# The opening session moves by a day: whoever knew of it is asked anew.
at 2027-01-15 12:00
ana sees session.ask
ana taps button.come
vesna types /manage
vesna taps button.manage-sessions
vesna taps "Opening session"
vesna taps button.move
vesna types 2027-01-22
vesna types 18:00
vesna taps button.do
ana sees session.moved
ana taps button.come

# Who was there?
at 2027-01-22 20:00
vesna sees attendance.ask
vesna taps button.attendance
vesna taps "Ana"
vesna taps button.done
vesna sees attendance.done

# Nobody logs anything: the overview of the week says so, and two reminders later she
# is told of the pair.
at 2027-03-26 12:00
ana sees pace.first
ana sees pace.second
vesna sees trouble.told
vesna taps button.pair
vesna sees pairs.title
vesna taps button.log-for-them
vesna sees ask.day-held
vesna taps day.today
vesna types 60
vesna sees log.done
vesna reads log.asks-both
ana sees confirm.told
ana taps button.right

# What has been done stays written.
vesna types /manage
vesna taps button.history
vesna sees "Vesna"
vesna types /people Borka
vesna sees "Borka"
