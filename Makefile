# make course   install everything and play a whole class     make test   all tests
# make lab      open JupyterLab as a learner has it            make tidy   lint, strip outputs
# make lab-instructor   JupyterLab with all of nbgrader: Formgrader, course and assignment list
# make bench    our grading against stock nbgrader's (FULL=1: a class of 400), and what learners
#               wait for
# make lite     the edition that runs in a browser without a server, into classroom/lite (npm needed)
# make site     the lessons as pages to read, without running anything, into classroom/site
# make clean    remove the environment
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
TEST_STAMP := .venv/.installed-for-tests

.PHONY: course lab lab-instructor lite site test bench tidy clean
course: $(STAMP)
	$(BIN)/grader demo
	$(BIN)/grader release --study
	$(BIN)/jupyter trust notebooks/*.ipynb classroom/study/*/*.ipynb >/dev/null
	@echo
	@echo "The course is ready. Open it with:  make lab"
	@echo "(JupyterLab starts in the browser; begin with notebooks/index.md.)"

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@# (An editable installation says that it is one, in nine lines.)
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(TEST_STAMP): $(STAMP) tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@

# What these show, and to whom, stands in .jupyter/.
lab: $(STAMP)
	JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" $(BIN)/jupyter lab

lab-instructor: $(STAMP)
	JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter/instructor:$(CURDIR)/.jupyter" $(BIN)/jupyter lab

lite: $(STAMP)
	$(BIN)/grader release --no-bundle
	$(BIN)/python -m grader.editions.lite classroom/lite

site: $(STAMP)
	$(BIN)/python -m grader.editions.site classroom/site

# Tests start hundreds of processes: even where Python is told to write no byte code, it may here.
test: export PYTHONDONTWRITEBYTECODE =
test: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n 4 --dist loadscope

bench: $(TEST_STAMP)
	PYTHONPATH=.:tests $(BIN)/python -m bench $(BENCH)
	PYTHONPATH=.:tests $(BIN)/python -m bench.felt $(FELT)

tidy: $(TEST_STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/jupyter nbconvert --clear-output --inplace notebooks/*.ipynb exercises/*/*.ipynb
	cp requirements.txt .binder/requirements.txt

clean:
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache
