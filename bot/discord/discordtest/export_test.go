package discordtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

// CheckAnswer holds what the server says to the specification.
func CheckAnswer(method, path string, body []byte) error {
	o, _ := api().find(method, path)
	if o == nil {
		return fmt.Errorf("there is no %s %s", method, path)
	}
	s := answers()[o.id]
	if s == nil {
		return fmt.Errorf("%s has no answer", o.id)
	}
	v, err := decode(body)
	if err != nil {
		return err
	}
	if p := s.check("", v); p != nil {
		return p
	}
	return nil
}

// answers are what the specification says of answers, by operation.
var answers = sync.OnceValue(func() map[string]*schema {
	var raw struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
		Parts struct {
			Schemas map[string]json.RawMessage `json:"schemas"`
		} `json:"components"`
	}
	must(json.Unmarshal(specification, &raw))
	all := map[string]*schema{}
	for name, text := range raw.Parts.Schemas {
		if s, err := readSchema(text); err == nil {
			all[name] = s
		}
	}
	found := map[string]*schema{}
	for _, methods := range raw.Paths {
		for method, text := range methods {
			var d struct {
				ID        string `json:"operationId"`
				Responses map[string]struct {
					Content map[string]content `json:"content"`
				} `json:"responses"`
			}
			if method == "parameters" {
				continue
			}
			must(json.Unmarshal(text, &d))
			for status, r := range d.Responses {
				if c, is := r.Content["application/json"]; is && strings.HasPrefix(status, "2") {
					s, err := readSchema(c.Schema)
					must(err)
					must(s.link(all, map[string]bool{}))
					found[d.ID] = s
				}
			}
		}
	}
	return found
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}
