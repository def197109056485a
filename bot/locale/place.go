package locale

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed zones.txt
var zonesFile string

//go:embed places.txt
var placesFile string

// A Place is somewhere by whose clock people go.
type Place struct {
	Zone string // IANA
	Name string // in the language that was asked for
}

// A place of the list: its names are in English, in Serbian, and others that people
// type for it.
type place struct {
	zone, english, serbian string
	others                 []string
}

var (
	zoneNames = strings.Fields(zonesFile)
	places    []place
	nearZones []string // zones of the region, in the file's order
	clocks    = map[string]*place{}
)

func init() {
	near, far, _ := strings.Cut(placesFile, "\n---\n")
	for i, part := range []string{near, far} {
		for line := range strings.Lines(part) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			p := readPlace(line)
			places = append(places, p)
			if i == 0 && !slices.Contains(nearZones, p.zone) {
				nearZones = append(nearZones, p.zone)
			}
		}
	}
	for i := range places {
		if p := &places[i]; clocks[p.zone] == nil {
			clocks[p.zone] = p
		}
	}
}

// readPlace reads a line of the list: zone | English | Serbian | others.
func readPlace(line string) place {
	fields := strings.Split(line+"|||", "|")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	p := place{zone: fields[0], english: fields[1], serbian: fields[2]}
	if p.serbian == "" {
		p.serbian = p.english
	}
	if fields[3] != "" {
		p.others = strings.Split(fields[3], ",")
	}
	return p
}

// An index is what is compared with what people type: of each place, and of each zone,
// its names.
type index struct{ places, zones [][]string }

// indexed makes the index when somebody first types a place.
var indexed = sync.OnceValue(func() (x index) {
	for i := range places {
		p := &places[i]
		x.places = append(x.places, squashed(append([]string{p.english, p.serbian}, p.others...)))
	}
	for _, zone := range zoneNames {
		x.zones = append(x.zones, squashed([]string{zone, afterSlash(zone)}))
	}
	return x
})

func squashed(names []string) []string {
	for i := range names {
		names[i] = squash(names[i])
	}
	return names
}

// ZoneNames returns the names of all IANA zones, in order.
func ZoneNames() []string { return slices.Clone(zoneNames) }

// NearZones returns the zones of the region, the likely ones first.
func NearZones() []string { return slices.Clone(nearZones) }

// City names a zone by a city, whose clock it is. A zone without one, which is so many
// hours away from UTC, is named by these.
func (l *Language) City(zone string) string {
	if p := clocks[zone]; p != nil {
		return l.named(p)
	}
	if offset, ok := strings.CutPrefix(zone, "Etc/GMT"); ok && offset != "" {
		// The sign of these names is the other way round.
		return "UTC" + strings.NewReplacer("+", "−", "-", "+").Replace(offset)
	}
	return strings.ReplaceAll(afterSlash(zone), "_", " ")
}

func (l *Language) named(p *place) string {
	if strings.HasPrefix(l.Tag, "sr") {
		return p.serbian
	}
	return p.english
}

// fewest is how many letters of a name have to be typed.
const fewest = 3

// FindPlaces returns where somebody may be who types a city, a country of the region,
// or an IANA zone, one place a zone, the likeliest first. The first letters do, and so
// does a name with a slip, if nothing fits better.
func (l *Language) FindPlaces(text string) []Place {
	whole := strings.TrimSpace(text)
	first, _, _ := strings.Cut(whole, ",")
	for _, as := range []string{whole, afterSlash(whole), first} {
		typed := squash(as)
		if found := l.match(func(name string) bool { return name == typed }); len(found) > 0 {
			return found
		}
	}
	name := unpreposed(squash(afterSlash(first)))
	if len(name) < fewest {
		return nil
	}
	if found := l.match(func(n string) bool { return strings.HasPrefix(n, name) }); len(found) > 0 {
		return found
	}
	for most := 1; most <= min((len(name)-2)/3, 2); most++ { // no slip in four letters, two in eight
		if found := l.match(func(n string) bool { return distance(n, name) <= most }); len(found) > 0 {
			return found
		}
	}
	return nil
}

// afterSlash returns what an IANA name has after its region.
func afterSlash(zone string) string { return zone[strings.LastIndexByte(zone, '/')+1:] }

// match returns a place of each zone that has a name which fits.
func (l *Language) match(fits func(string) bool) (found []Place) {
	add := func(zone, name string) {
		if !slices.ContainsFunc(found, func(p Place) bool { return p.Zone == zone }) {
			found = append(found, Place{zone, name})
		}
	}
	names := indexed()
	for i := range places {
		if p := &places[i]; slices.ContainsFunc(names.places[i], fits) {
			add(p.zone, l.named(p))
		}
	}
	for i, zone := range zoneNames {
		if slices.ContainsFunc(names.zones[i], fits) {
			add(zone, l.City(zone))
		}
	}
	return found
}

// squash returns a name as names are compared: folded, without what parts words.
func squash(name string) string { return parts.Replace(Fold(name)) }

var parts = strings.NewReplacer(" ", "", "_", "", "-", "", ".", "", "'", "", "’", "")

// unpreposed leaves out a word for "in" or "from" that was typed first. The text has no
// spaces any more, so a name that begins like it must not be meant: names are tried
// before.
func unpreposed(typed string) string {
	for _, word := range []string{"from", "in", "iz", "na", "u"} {
		if rest, ok := strings.CutPrefix(typed, word); ok && len(rest) >= fewest {
			return rest
		}
	}
	return typed
}

// distance counts the letters that must be changed, added or left out to make one word
// of another.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		above := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := above
			if a[i] != b[j] {
				cost++
			}
			above = row[j+1]
			row[j+1] = min(cost, above+1, row[j]+1)
		}
	}
	return row[len(b)]
}

var offsetText = regexp.MustCompile(`^(?:utc|gmt)?\s*(?:([+\-−–])\s*(\d{1,2})(?:[:.]?(\d{2}))?)?\s*(?:h|utc|gmt)?$`)

// ReadOffset reads how far from UTC a clock goes: UTC+2, +02:00, gmt-3, UTC.
func ReadOffset(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	m := offsetText.FindStringSubmatch(text)
	if m == nil || text == "" || text == "h" {
		return 0, false
	}
	hours, _ := strconv.Atoi(m[2]) // "" is 0
	minutes, _ := strconv.Atoi(m[3])
	offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if m[1] != "+" {
		offset = -offset
	}
	return offset, minutes < 60 && offset >= -12*time.Hour && offset <= 14*time.Hour
}
