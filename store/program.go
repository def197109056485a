package store

// A Program is the organisation's mentorship programme; one database holds one.
type Program struct {
	Name    string
	Privacy string // the programme's own words on what is kept and who sees it; "": none
}

// Program returns the programme, ErrNotFound before the first SetProgram.
func (tx *Tx) Program() (Program, error) {
	return one(tx, "read program", func(row scanner, p *Program) error { return row.Scan(&p.Name, &p.Privacy) },
		`SELECT name, privacy FROM program WHERE id = 1`)
}

// SetProgram makes the programme, or gives it another name and other words on privacy.
func (tx *Tx) SetProgram(p Program) error {
	return tx.run("write program", `INSERT INTO program (id, name, privacy) VALUES (1, $1, $2)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, privacy = excluded.privacy`,
		clean(p.Name), clean(p.Privacy))
}
