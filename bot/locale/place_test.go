package locale

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestFindPlaces(t *testing.T) {
	for _, tag := range Languages() {
		l, _ := For(tag)
		for typed, want := range map[string]string{
			"Tirana": "Europe/Tirane", "tiranë": "Europe/Tirane", "Europe/Tirana": "Europe/Tirane", "Europe/Tirane": "Europe/Tirane",
			"u Tirani": "Europe/Tirane", "Albania": "Europe/Tirane", "Skoplje": "Europe/Skopje", "SKOPJE": "Europe/Skopje",
			"Скопје": "Europe/Skopje", "novi sad": "Europe/Belgrade", "Novi Sad, Srbija": "Europe/Belgrade", "NoviSad": "Europe/Belgrade",
			"Нови Сад": "Europe/Belgrade", "Beograd": "Europe/Belgrade", "belgrad": "Europe/Belgrade", "Lisbon": "Europe/Lisbon",
			"lisabon": "Europe/Lisbon", "Podgorica": "Europe/Podgorica", "Priština": "Europe/Belgrade", "Sarjevo": "Europe/Sarajevo",
			"in Tbilisi": "Asia/Tbilisi", "Đakovica": "Europe/Belgrade", "Djakovica": "Europe/Belgrade", "Banja Luka": "Europe/Sarajevo",
			"new york": "America/New_York", "america/new_york": "America/New_York", "Europe/Kiev": "Europe/Kyiv", "Buenos Aires": "America/Argentina/Buenos_Aires",
			"UTC": "UTC", "Bar": "Europe/Podgorica", "Istanbul": "Europe/Istanbul", "Niš": "Europe/Belgrade", "Nis": "Europe/Belgrade",
			"Ulan Bator": "", "": "", " ": "", "x": "", "/": "", ",": "", "Local": "", "../../etc/passwd": "", "*_`[x](y)": "",
			"now": "", "settings": "", strings.Repeat("a", 4000): "",
		} {
			var got string
			if found := l.FindPlaces(typed); len(found) > 0 {
				got = found[0].Zone
			}
			if got != want {
				t.Errorf("%s: %q is understood as %q, want %q", tag, typed, got, want)
			}
		}
	}
}

func TestPlacesHaveNamesInBothLanguages(t *testing.T) {
	en, _ := For("en")
	sr, _ := For("sr-Latn")
	for zone, names := range map[string][2]string{
		"Europe/Tirane": {"Tirana", "Tirana"}, "Europe/Vienna": {"Vienna", "Beč"}, "America/New_York": {"New York", "Njujork"},
		"America/Argentina/Buenos_Aires": {"Buenos Aires", "Buenos Aires"}, "Etc/GMT-2": {"UTC+2", "UTC+2"}, "Etc/GMT+3": {"UTC−3", "UTC−3"},
		"UTC": {"UTC", "UTC"}, "Etc/GMT": {"GMT", "GMT"},
	} {
		if got := [2]string{en.City(zone), sr.City(zone)}; got != names {
			t.Errorf("%s is called %q, want %q", zone, got, names)
		}
	}
	if got := sr.FindPlaces("Novi Sad"); len(got) != 1 || got[0].Name != "Novi Sad" {
		t.Errorf("Novi Sad is %v", got)
	}
	if got := sr.FindPlaces("Thessaloniki"); len(got) != 1 || got[0].Name != "Solun" {
		t.Errorf("Thessaloniki is %v", got)
	}
}

func TestEveryPlaceIsFoundByItsNames(t *testing.T) {
	l, _ := For("en")
	for _, p := range places {
		if _, err := time.LoadLocation(p.zone); err != nil {
			t.Errorf("%s: %v", p.english, err)
		}
		for _, name := range append(p.others, p.english, p.serbian) {
			found := l.FindPlaces(name)
			if len(found) == 0 || found[0].Zone != p.zone {
				t.Errorf("%s is understood as %v, want %s", name, found, p.zone)
			}
		}
	}
	for _, zone := range ZoneNames() {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Error(err)
		}
		if found := l.FindPlaces(zone); len(found) != 1 || found[0].Zone != zone {
			t.Errorf("%s is understood as %v", zone, found)
		}
	}
	if near := NearZones(); len(near) < 15 || near[0] != "Europe/Belgrade" {
		t.Errorf("the region has the zones %v", near)
	}
}

func TestReadOffset(t *testing.T) {
	for typed, want := range map[string]time.Duration{
		"UTC+2": 2 * time.Hour, "utc +2": 2 * time.Hour, "+02:00": 2 * time.Hour, "+2": 2 * time.Hour, "GMT-3": -3 * time.Hour,
		"−5": -5 * time.Hour, "+5:30": 5*time.Hour + 30*time.Minute, "+0530": 5*time.Hour + 30*time.Minute, "UTC": 0, "gmt": 0,
		"UTC-0": 0, "+14": 14 * time.Hour, "+1 UTC": time.Hour,
	} {
		if got, ok := ReadOffset(typed); !ok || got != want {
			t.Errorf("%q is %v, %v, want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "2", "h", "UTC+", "+25", "+2:75", "UTC+2 or 3", "Tirana", "++2", "+", "-13", "\x00"} {
		if got, ok := ReadOffset(typed); ok {
			t.Errorf("%q is %v", typed, got)
		}
	}
}
