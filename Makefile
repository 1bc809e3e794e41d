# One line each over one script, so that a machine without make types the same words after it.
PYTHON ?= python3

.PHONY: run test check format bench lock
run: ; @$(PYTHON) manage_local.py run
test: ; @$(PYTHON) manage_local.py test $(ARGS)
check: ; @$(PYTHON) manage_local.py check $(ARGS)
format: ; @$(PYTHON) manage_local.py format
bench: ; @$(PYTHON) manage_local.py bench $(ARGS)
lock: ; @$(PYTHON) manage_local.py lock $(ARGS)
