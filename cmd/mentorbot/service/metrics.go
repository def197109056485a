package service

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/kooperativa/mentorbot/bot/chat"
	"github.com/kooperativa/mentorbot/scheduler"
	"github.com/kooperativa/mentorbot/store"
)

// metrics are what is counted for Prometheus. No label has anything of a person in it,
// and none has more values than a handful.
type metrics struct {
	registry *prometheus.Registry

	requests       *prometheus.CounterVec   // platform, outcome
	requestSeconds *prometheus.HistogramVec // platform
	sends          *prometheus.CounterVec   // kind, outcome
	sendSeconds    prometheus.Histogram
	refusals       *prometheus.CounterVec // reason
}

const space = "mentorbot"

func newMetrics(s *Service) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: space, Name: "requests_total", Help: "What people did, by platform and outcome.",
		}, []string{"platform", "outcome"}),
		requestSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: space, Name: "request_seconds", Help: "How long answering took, without the sending.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}, []string{"platform"}),
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: space, Name: "sends_total", Help: "What became of messages that were to be sent, by kind and outcome.",
		}, []string{"kind", "outcome"}),
		sendSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: space, Name: "send_seconds", Help: "How long sending a message took.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: space, Name: "refusals_total", Help: "Messages that nobody took, by reason.",
		}, []string{"reason"}),
	}
	for _, r := range reasons {
		m.refusals.WithLabelValues(r) // from 0, so that the first one is seen as an increase
	}
	m.registry.MustRegister(m.requests, m.requestSeconds, m.sends, m.sendSeconds, m.refusals, collector{s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// handler counts the requests to a handler.
func (m *metrics) handler(platform string, h chat.Handler) chat.Handler {
	for _, outcome := range []string{"answered", "error"} {
		m.requests.WithLabelValues(platform, outcome)
	}
	return &countedHandler{h, m, platform}
}

type countedHandler struct {
	chat.Handler
	metrics  *metrics
	platform string
}

// Handle is chat.Handler's.
func (h *countedHandler) Handle(ctx context.Context, r chat.Request) (chat.Reply, error) {
	began := time.Now()
	reply, err := h.Handler.Handle(ctx, r)
	outcome := "answered"
	if err != nil {
		outcome = "error"
	}
	h.metrics.requests.WithLabelValues(h.platform, outcome).Inc()
	h.metrics.requestSeconds.WithLabelValues(h.platform).Observe(time.Since(began).Seconds())
	return reply, err
}

// sender counts what is sent.
func (m *metrics) sender(s scheduler.Sender) scheduler.Sender { return &countedSender{s, m} }

type countedSender struct {
	scheduler.Sender
	metrics *metrics
}

// Send is scheduler.Sender's.
func (s *countedSender) Send(ctx context.Context, c *store.Snapshot, m *store.Message, now time.Time) scheduler.Outcome {
	began := time.Now()
	out := s.Sender.Send(ctx, c, m, now)
	s.metrics.sendSeconds.Observe(time.Since(began).Seconds())
	outcome := string(out.State)
	if out.State == store.Planned {
		outcome = "later"
	}
	s.metrics.sends.WithLabelValues(string(m.Kind), outcome).Inc()
	if out.State == store.Failed {
		s.metrics.refusals.WithLabelValues(reason(out.Reason)).Inc()
	}
	return out
}

// reasons are all that reason returns.
var reasons = []string{"blocked", "closed", "left", "unreachable", "no-account", "refused"}

// reason is the class of why nobody took a message.
func reason(why string) string {
	if _, word, ok := strings.Cut(why, "unreachable: "); ok {
		word, _, _ = strings.Cut(word, "\n")
		switch word {
		case "blocked", "closed", "left":
			return word
		}
		return "unreachable"
	}
	if why == "no account" {
		return "no-account"
	}
	return "refused"
}
