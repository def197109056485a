package store

// A Program is the organisation's mentorship programme; one database holds one.
type Program struct{ Name string }

// Program returns the programme, ErrNotFound before the first SetProgram.
func (tx *Tx) Program() (Program, error) {
	name, err := one(tx, "read program", column[string], `SELECT name FROM program WHERE id = 1`)
	return Program{name}, err
}

// SetProgram makes or renames the programme.
func (tx *Tx) SetProgram(p Program) error {
	return tx.run("write program",
		`INSERT INTO program (id, name) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET name = excluded.name`,
		clean(p.Name))
}
