.DEFAULT_GOAL := help
GO ?= go
SEEDS ?= 200
CONTAINER ?= docker

.PHONY: help build image release test race lint fmt bench pictures simulate fuzz clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## Build the binary, stripped, into dist/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w' -o dist/mentorbot ./cmd/mentorbot

image: ## Build the container with CONTAINER (default docker; or podman)
	$(CONTAINER) build -f deploy/Containerfile -t mentorbot .

release: ## Make the archives of a release, for every system, in dist/release/
	bash deploy/release.sh

test: ## Run the tests
	$(GO) test ./...

race: ## Run the tests under the race detector, with every optional part required
	MENTORBOT_TEST_REQUIRE=postgres,strace,chromium $(GO) test -race ./...

lint: ## Check formatting, vet and lint
	test -z "$$(gofmt -l .)"
	$(GO) vet ./...
	golangci-lint run

fmt: ## Format the code
	gofmt -w .

bench: ## Measure what docs/benchmarks.md reports
	bash docs/bench.sh

pictures: ## Take the pictures of the page that the docs show (needs chromium)
	$(GO) test ./cmd/mentorbot -run TestFirstLook -count 1 -pictures "$$PWD/docs"

simulate: ## Play SEEDS random cycles against the oracle (default 200)
	$(GO) test ./scheduler/... -run Simulat -count 1 -timeout 0 -seeds $(SEEDS)

fuzz: ## Fuzz the program file's parser for a minute
	$(GO) test ./cmd/mentorbot/programfile -fuzz Fuzz -fuzztime 1m -fuzzminimizetime 20x

clean: ## Remove what was built
	rm -rf dist
