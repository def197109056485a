package telegramtest

// methods are those that do something here.
var methods = map[string]func(*Server, *Call) (any, *refusal){
	"getMe":                  (*Server).getMe,
	"sendMessage":            (*Server).sendMessage,
	"sendPhoto":              (*Server).sendPhoto,
	"sendDocument":           (*Server).sendDocument,
	"sendMediaGroup":         (*Server).sendMediaGroup,
	"sendChatAction":         (*Server).sendChatAction,
	"editMessageText":        (*Server).editText,
	"editMessageCaption":     (*Server).editCaption,
	"editMessageReplyMarkup": (*Server).editMarkup,
	"editMessageMedia":       (*Server).editMedia,
	"deleteMessage":          (*Server).deleteMessage,
	"answerCallbackQuery":    (*Server).answerCallback,
	"setMyCommands":          (*Server).setCommands,
	"getMyCommands":          (*Server).getCommands,
	"deleteMyCommands":       (*Server).deleteCommands,
	"setMyName":              (*Server).yes,
	"setMyDescription":       (*Server).yes,
	"setMyShortDescription":  (*Server).yes,
	"setChatMenuButton":      (*Server).yes,
	"getChat":                (*Server).getChat,
	"getChatMember":          (*Server).getChatMember,
	"getChatAdministrators":  (*Server).getChatAdministrators,
	"leaveChat":              (*Server).leaveChat,
	"setWebhook":             (*Server).setWebhook,
	"deleteWebhook":          (*Server).deleteWebhook,
	"getWebhookInfo":         (*Server).getWebhookInfo,
}

func (s *Server) yes(*Call) (any, *refusal) { return true, nil }

func (s *Server) getMe(*Call) (any, *refusal) {
	return struct {
		wireUser
		JoinGroups bool `json:"can_join_groups"`
		ReadAll    bool `json:"can_read_all_group_messages"`
		Inline     bool `json:"supports_inline_queries"`
	}{s.bot, true, false, false}, nil
}
