package telegramtest

// What follows is what the server says, as the specification names it: of each type, what
// a bot of ours may look at.

type wireUser struct {
	ID           int64  `json:"id"`
	IsBot        bool   `json:"is_bot"`
	FirstName    string `json:"first_name"`
	Username     string `json:"username,omitempty"`
	LanguageCode string `json:"language_code,omitempty"`
}

type wireChat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	IsForum   bool   `json:"is_forum,omitempty"`
}

type wireMessage struct {
	ID              int          `json:"message_id"`
	Thread          int          `json:"message_thread_id,omitempty"`
	InTopic         bool         `json:"is_topic_message,omitempty"`
	From            *wireUser    `json:"from,omitempty"`
	Chat            wireChat     `json:"chat"`
	Date            int64        `json:"date"`
	EditDate        int64        `json:"edit_date,omitempty"`
	ForwardOrigin   *wireOrigin  `json:"forward_origin,omitempty"`
	ReplyTo         *wireMessage `json:"reply_to_message,omitempty"`
	Text            string       `json:"text,omitempty"`
	Entities        []entity     `json:"entities,omitempty"`
	Caption         string       `json:"caption,omitempty"`
	CaptionEntities []entity     `json:"caption_entities,omitempty"`
	MediaGroupID    string       `json:"media_group_id,omitempty"`
	Photo           []wireFile   `json:"photo,omitempty"`
	Document        *wireFile    `json:"document,omitempty"`
	Voice           *wireFile    `json:"voice,omitempty"`
	Sticker         *wireSticker `json:"sticker,omitempty"`
	Contact         *wireContact `json:"contact,omitempty"`
	NewMembers      []wireUser   `json:"new_chat_members,omitempty"`
	LeftMember      *wireUser    `json:"left_chat_member,omitempty"`
	NewTitle        string       `json:"new_chat_title,omitempty"`
	TopicCreated    *wireTopic   `json:"forum_topic_created,omitempty"`
	MigrateTo       int64        `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom     int64        `json:"migrate_from_chat_id,omitempty"`
	Keyboard        *keyboard    `json:"reply_markup,omitempty"`
}

type wireOrigin struct {
	Type string   `json:"type"`
	Date int64    `json:"date"`
	User wireUser `json:"sender_user"`
}

type wireFile struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Duration int    `json:"duration,omitempty"`
	Name     string `json:"file_name,omitempty"`
	Type     string `json:"mime_type,omitempty"`
	Size     int    `json:"file_size,omitempty"`
}

type wireSticker struct {
	FileID     string `json:"file_id"`
	UniqueID   string `json:"file_unique_id"`
	Type       string `json:"type"`
	Width      int    `json:"width"`
	Height     int    `json:"height"`
	IsAnimated bool   `json:"is_animated"`
	IsVideo    bool   `json:"is_video"`
	Emoji      string `json:"emoji"`
}

type wireContact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	UserID    int64  `json:"user_id,omitempty"`
}

type wireTopic struct {
	Name  string `json:"name"`
	Color int    `json:"icon_color"`
}

type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	Data string `json:"callback_data,omitempty"`
}

type wireCallback struct {
	ID       string    `json:"id"`
	From     *wireUser `json:"from"`
	Message  any       `json:"message"`
	Instance string    `json:"chat_instance"`
	Data     string    `json:"data"`
}

// wireGone stands for a message that the bot may no longer see.
type wireGone struct {
	Chat wireChat `json:"chat"`
	ID   int      `json:"message_id"`
	Date int      `json:"date"` // always 0
}

type wireMember struct {
	Status string   `json:"status"`
	User   wireUser `json:"user"`
	Until  *int     `json:"until_date,omitempty"`
	*wireRights
}

type wireRights struct {
	CanBeEdited     bool `json:"can_be_edited"`
	IsAnonymous     bool `json:"is_anonymous"`
	ManageChat      bool `json:"can_manage_chat"`
	DeleteMessages  bool `json:"can_delete_messages"`
	ManageVideo     bool `json:"can_manage_video_chats"`
	RestrictMembers bool `json:"can_restrict_members"`
	PromoteMembers  bool `json:"can_promote_members"`
	ChangeInfo      bool `json:"can_change_info"`
	InviteUsers     bool `json:"can_invite_users"`
	PostStories     bool `json:"can_post_stories"`
	EditStories     bool `json:"can_edit_stories"`
	DeleteStories   bool `json:"can_delete_stories"`
}

type wireMemberChange struct {
	Chat wireChat   `json:"chat"`
	From wireUser   `json:"from"`
	Date int64      `json:"date"`
	Old  wireMember `json:"old_chat_member"`
	New  wireMember `json:"new_chat_member"`
}

// member returns somebody's part in a chat.
func member(u wireUser, status string) wireMember {
	m := wireMember{Status: status, User: u}
	switch status {
	case "kicked":
		m.Until = new(int)
	case "administrator":
		m.wireRights = &wireRights{ManageChat: true, DeleteMessages: true, InviteUsers: true}
	}
	return m
}
