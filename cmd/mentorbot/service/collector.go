package service

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kooperativa/mentorbot/store"
)

// A collector tells how the service stands at the moment it is asked.
type collector struct{ *Service }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(space, "", name), help, labels, nil)
}

var (
	upDesc       = describe("up", "Whether a part works: database, clock, or a platform.", "part")
	tickDesc     = describe("last_tick_timestamp_seconds", "When the clock ticked last, all being well.")
	outboxDesc   = describe("outbox_messages", "Messages by state.", "state")
	oldestDesc   = describe("outbox_oldest_due_seconds", "How long the message that is due longest has waited; 0: none is due.")
	databaseDesc = describe("database_bytes", "The size of the database.")
	eventsDesc   = prometheus.NewDesc(prometheus.BuildFQName(space, "", "platform_events_total"), "What should be seldom on a platform, by what it is.", []string{"platform", "event"}, nil)
	handledDesc  = describe("unsent_replies", "Replies that are committed and not noted as sent.")
)

// Describe is prometheus.Collector's.
func (collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{upDesc, tickDesc, outboxDesc, oldestDesc, databaseDesc, eventsDesc, handledDesc} {
		to <- d
	}
}

// Collect is prometheus.Collector's. What the database doesn't tell is left out.
func (c collector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	ctx, done := context.WithTimeout(context.Background(), answerPatience)
	defer done()
	down := map[string]bool{}
	for _, f := range c.Check(ctx) {
		down[f.Part] = true
	}
	for _, part := range c.parts() {
		up := 1.0
		if down[part] {
			up = 0
		}
		gauge(upDesc, up, part)
	}
	for _, p := range c.platforms {
		if p.Events == nil {
			continue
		}
		for event, n := range p.Events.counted() {
			to <- prometheus.MustNewConstMetric(eventsDesc, prometheus.CounterValue, float64(n), p.Name, event)
		}
	}
	if last := c.heart.Last(); !last.IsZero() {
		gauge(tickDesc, float64(last.UnixMilli())/1000)
	}
	var t store.Tally
	err := c.o.Store.View(ctx, func(tx *store.Tx) (err error) {
		t, err = tx.Tally()
		return err
	})
	if err != nil {
		return
	}
	for state, n := range t.Messages {
		gauge(outboxDesc, float64(n), string(state))
	}
	waited := 0.0
	if !t.Oldest.IsZero() {
		waited = max(0, time.Since(t.Oldest).Seconds())
	}
	gauge(oldestDesc, waited)
	gauge(databaseDesc, float64(t.Size))
	gauge(handledDesc, float64(t.Unsent))
}

// parts are those of which Check tells whether they work.
func (s *Service) parts() []string {
	parts := []string{"database", "clock"}
	for _, p := range s.platforms {
		parts = append(parts, p.Name)
	}
	return parts
}
