package discordtest

// What follows are objects as Discord writes them, with the fields that bots look at.

type wireUser struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	GlobalName    string  `json:"global_name"`
	Discriminator string  `json:"discriminator"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
	Flags         int     `json:"flags"`
	PublicFlags   int     `json:"public_flags"`
	PrimaryGuild  *string `json:"primary_guild"`
}

type wireMember struct {
	User        *wireUser `json:"user,omitempty"`
	Nick        *string   `json:"nick"`
	Avatar      *string   `json:"avatar"`
	Banner      *string   `json:"banner"`
	TimedOut    *string   `json:"communication_disabled_until"`
	Roles       []string  `json:"roles"`
	JoinedAt    string    `json:"joined_at"`
	Premium     *string   `json:"premium_since"`
	Deaf        bool      `json:"deaf"`
	Mute        bool      `json:"mute"`
	Flags       int       `json:"flags"`
	Pending     bool      `json:"pending"`
	Permissions string    `json:"permissions,omitempty"`
}

type wireRole struct {
	ID          string  `json:"id"`
	Name        string  `json:"name"`
	Color       int     `json:"color"`
	Colors      colors  `json:"colors"`
	Icon        *string `json:"icon"`
	Emoji       *string `json:"unicode_emoji"`
	Hoist       bool    `json:"hoist"`
	Position    int     `json:"position"`
	Permissions string  `json:"permissions"`
	Managed     bool    `json:"managed"`
	Mentionable bool    `json:"mentionable"`
	Flags       int     `json:"flags"`
}

type colors struct {
	Primary   int  `json:"primary_color"`
	Secondary *int `json:"secondary_color"`
	Tertiary  *int `json:"tertiary_color"`
}

type wireChannel struct {
	ID         string     `json:"id"`
	Type       int        `json:"type"`
	GuildID    string     `json:"guild_id,omitempty"`
	Name       string     `json:"name,omitempty"`
	ParentID   string     `json:"parent_id,omitempty"`
	OwnerID    string     `json:"owner_id,omitempty"`
	Recipients []wireUser `json:"recipients,omitempty"`
	Position   *int       `json:"position,omitempty"`
	Flags      int        `json:"flags"`
	Overwrites *[]any     `json:"permission_overwrites,omitempty"`
	*wireCounts
}

// wireCounts is what only a thread has.
type wireCounts struct {
	Thread   wireThread `json:"thread_metadata"`
	Messages int        `json:"message_count"`
	Sent     int        `json:"total_message_sent"`
	Members  int        `json:"member_count"`
}

type wireThread struct {
	Archived  bool   `json:"archived"`
	Duration  int    `json:"auto_archive_duration"`
	Timestamp string `json:"archive_timestamp"`
	Locked    bool   `json:"locked"`
	Invitable bool   `json:"invitable"`
}

type wireMessage struct {
	ID          string       `json:"id"`
	Type        int          `json:"type"`
	ChannelID   string       `json:"channel_id"`
	Author      wireUser     `json:"author"`
	Content     string       `json:"content"`
	Timestamp   string       `json:"timestamp"`
	Edited      *string      `json:"edited_timestamp"`
	TTS         bool         `json:"tts"`
	Everyone    bool         `json:"mention_everyone"`
	Mentions    []wireUser   `json:"mentions"`
	Roles       []string     `json:"mention_roles"`
	Attachments []wireFile   `json:"attachments"`
	Embeds      []wireEmbed  `json:"embeds"`
	Components  []any        `json:"components"`
	Pinned      bool         `json:"pinned"`
	Flags       int          `json:"flags"`
	Nonce       any          `json:"nonce,omitempty"`
	AppID       string       `json:"application_id,omitempty"`
	WebhookID   string       `json:"webhook_id,omitempty"`
	Origin      *wireOrigin  `json:"interaction_metadata,omitempty"`
	Reference   *wireReplied `json:"message_reference,omitempty"`
}

type wireOrigin struct {
	ID     string            `json:"id"`
	Type   int               `json:"type"`
	User   wireUser          `json:"user"`
	Owners map[string]string `json:"authorizing_integration_owners"`
}

type wireReplied struct {
	Type      int    `json:"type"`
	MessageID string `json:"message_id"`
	ChannelID string `json:"channel_id"`
}

type wireFile struct {
	ID          string `json:"id"`
	Name        string `json:"filename"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	Type        string `json:"content_type,omitempty"`
	Description string `json:"description,omitempty"`
}

type wireEmbed struct {
	Type        string          `json:"type"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	URL         string          `json:"url,omitempty"`
	Timestamp   string          `json:"timestamp,omitempty"`
	Color       int             `json:"color,omitempty"`
	Author      *wireEmbedName  `json:"author,omitempty"`
	Footer      *wireEmbedText  `json:"footer,omitempty"`
	Image       *wireEmbedURL   `json:"image,omitempty"`
	Thumbnail   *wireEmbedURL   `json:"thumbnail,omitempty"`
	Fields      []wireEmbedLine `json:"fields,omitempty"`
}

type wireEmbedName struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type wireEmbedText struct {
	Text string `json:"text"`
}

type wireEmbedURL struct {
	URL string `json:"url"`
}

type wireEmbedLine struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// A component is what a person can touch, or a row of it.
type component struct {
	Type        int         `json:"type"`
	ID          int         `json:"id"`
	CustomID    string      `json:"custom_id"`
	Style       int         `json:"style"`
	Label       string      `json:"label"`
	URL         string      `json:"url"`
	Disabled    bool        `json:"disabled"`
	Emoji       *emoji      `json:"emoji"`
	Options     []choice    `json:"options"`
	MinValues   *int        `json:"min_values"`
	MaxValues   *int        `json:"max_values"`
	Components  []component `json:"components"`
	Component   *component  `json:"component"`
	Value       string      `json:"value"`
	Placeholder string      `json:"placeholder"`
	Required    *bool       `json:"required"`
	MinLength   *int        `json:"min_length"`
	MaxLength   *int        `json:"max_length"`
}

type emoji struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type choice struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default"`
}

// The kinds of component that this server knows.
const (
	actionRow    = 1
	button       = 2
	stringSelect = 3
	textInput    = 4
	labelled     = 18

	linkButton = 5 // a style
)
