package telegramtest

import "encoding/json"

// ParseHTML is the reader of HTML.
func ParseHTML(in string) (text string, entities string, err error) {
	text, all, err := parseHTML(in)
	data, _ := json.Marshal(all)
	return text, string(data), err
}

// CheckType holds a value to a type of the specification.
func CheckType(name string, data []byte) error {
	v, err := decode(data)
	if err != nil {
		return err
	}
	return form{object: api().types[name]}.check(name, v)
}

// CheckDocument says what is wrong with a file.
func CheckDocument(u *Upload) error { return checkDocument(u) }
