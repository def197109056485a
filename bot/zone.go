package bot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/bot/locale"
	"github.com/kooperativa/mentorbot/store"
)

// placesAtOnce is how many places have a button at once.
const placesAtOnce = 7

// fixedZone begins the names of zones that are always so many hours from UTC.
const fixedZone = "Etc/GMT"

// chooseZone sets the zone from a city or an offset that was typed, or a button's zone.
func (t *turn) chooseZone() error {
	typed := strings.TrimSpace(t.rest)
	if typed == "" {
		return t.askPlace(t.text("clock.ask", nil), t.likelyPlaces)
	}
	found, err := t.placesMeant(typed)
	switch {
	case err != nil:
		return err
	case len(found) == 1:
		return t.goBy(found[0])
	case len(found) > 1:
		return t.askPlace(t.text("clock.which", nil), func() ([]locale.Place, error) { return found, nil })
	case t.request.Tapped:
		t.stale()
		return nil
	}
	unread := t.text("ask.unread", locale.Args{"What": typed})
	return t.askPlace(chat.Join(unread, t.text("clock.ask", nil)), t.likelyPlaces)
}

// goBy sets the zone, and says by whose clock times are told now.
func (t *turn) goBy(place locale.Place) error {
	err := t.set(place.Zone == t.to.Zone && t.to.ZoneChosen, func() error { return t.tx.ChooseZone(t.me(), place.Zone) })
	if err != nil {
		return err
	}
	t.to.Zone = place.Zone
	t.speak(t.c)
	args := t.clockNow()
	args["City"] = place.Name
	t.say("clock.chosen", args, t.button("right", "settings"), t.button("elsewhere", "settings zone"))
	return nil
}

// askPlace asks for a place, with buttons for some.
func (t *turn) askPlace(question chat.Text, places func() ([]locale.Place, error)) error {
	found, err := places()
	if err != nil {
		return err
	}
	var buttons []chat.Button
	for _, p := range found[:min(len(found), placesAtOnce)] {
		zone, err := store.Zone(p.Zone)
		if err != nil {
			continue // this machine doesn't know it
		}
		buttons = append(buttons, chat.Button{
			Label:   label(p.Name + ", " + t.language.Clock(t.now.In(zone))),
			Command: "settings zone " + p.Zone,
		})
	}
	t.steps = []string{"settings"}
	t.tell(chat.Join(question, t.text("clock.hint", nil)), append(buttons, t.ways()...)...)
	t.reply.Ask = t.text("clock.hint", nil).Plain()
	return t.await("settings zone")
}

// placesMeant are those that somebody may mean.
func (t *turn) placesMeant(typed string) ([]locale.Place, error) {
	offset, isOffset := locale.ReadOffset(typed)
	if isOffset && strings.ContainsAny(typed, "0123456789") {
		return t.placesAt(offset)
	}
	if zone, err := store.Zone(typed); err == nil && strings.HasPrefix(typed, fixedZone) {
		return []locale.Place{{Zone: zone.String(), Name: t.city(zone)}}, nil
	}
	if found := t.language.FindPlaces(typed); len(found) > 0 || !isOffset {
		return found, nil
	}
	return t.placesAt(offset)
}

// placesAt are the likely places whose clocks are so far from UTC now. Where there are
// none, clocks that always are; or, of an offset of half hours, any in the world.
func (t *turn) placesAt(offset time.Duration) ([]locale.Place, error) {
	near, err := t.nearZones()
	if err != nil {
		return nil, err
	}
	if found := t.atOffset(near, offset); len(found) > 0 {
		return found, nil
	}
	if hours := int(offset / time.Hour); offset%time.Hour == 0 {
		name := fixedZone
		if hours != 0 {
			name += fmt.Sprintf("%+d", -hours) // so these are named
		}
		return []locale.Place{{Zone: name, Name: t.language.City(name)}}, nil
	}
	return t.atOffset(locale.ZoneNames(), offset), nil
}

func (t *turn) atOffset(zones []string, offset time.Duration) (found []locale.Place) {
	for _, name := range zones {
		zone, err := store.Zone(name)
		if err != nil {
			continue
		}
		if _, east := t.now.In(zone).Zone(); time.Duration(east)*time.Second == offset {
			found = append(found, locale.Place{Zone: name, Name: t.language.City(name)})
		}
	}
	return found
}

// likelyPlaces are where the person is, most likely: in the city that the programme has
// of them, where the cycle is, where others in it are, or in the region by another clock.
func (t *turn) likelyPlaces() (found []locale.Place, err error) {
	if own := t.language.FindPlaces(t.to.City); len(own) == 1 {
		found = own
	}
	zones, err := t.nearZones()
	if err != nil {
		return nil, err
	}
	for _, zone := range zones {
		if !slices.ContainsFunc(found, func(p locale.Place) bool { return p.Zone == zone }) {
			found = append(found, locale.Place{Zone: zone, Name: t.language.City(zone)})
		}
	}
	return found, nil
}

// nearZones are the cycle's zone, those of people in it, and the region's.
func (t *turn) nearZones() (zones []string, err error) {
	if len(t.parts) > 0 {
		if err := t.look(t.parts[0].CycleID); err != nil {
			return nil, err
		}
		zones = append(zones, t.c.Cycle.Zone)
		var theirs []string
		for _, p := range t.c.People {
			theirs = append(theirs, p.Zone)
		}
		slices.Sort(theirs) // a map's order is none
		zones = append(zones, theirs...)
	}
	return unique(append(zones, locale.NearZones()...)), nil
}

// unique leaves out empty names, and those that came before.
func unique(names []string) (once []string) {
	for _, name := range names {
		if name != "" && !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}
