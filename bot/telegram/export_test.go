package telegram

// Entity says how a part of a text looks.
type Entity = wireEntity

// Styled puts a text and its looks into the neutral markup.
var Styled = styled
