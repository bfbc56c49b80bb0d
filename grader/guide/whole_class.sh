#!/usr/bin/env bash
# A whole class, from the first release to the final grades, with synthetic students.
#
#   grader/guide/whole_class.sh FOLDER [STUDENTS]      FOLDER must not exist; 200 students
#
# Each command after `run` is what an instructor would type; `people` is what students and other
# graders do meanwhile. It works on a copy of the course in FOLDER and ends with 0 only when every
# grade, in the gradebook and in all exported files, is as predicted. Look at the results there:
# classroom/report/report.html, classroom/feedback/, classroom/exports/, classroom/moved.csv.
set -euo pipefail
course=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:?name a folder that does not exist yet}
students=${2:-200}
exercise=01-sources
export PATH="$course/.venv/bin:$PATH" PYTHONPATH="$course${PYTHONPATH:+:$PYTHONPATH}"

run() { printf '\n$ %s\n' "$*"; "$@"; }
people() { python -m grader.synthetic_class "$@"; }

people copy "$folder"
cd "$folder"
downloads=$(dirname "$PWD")/$(basename "$PWD")-downloads
git init --quiet .   # `--branch` below needs a repository; yours is there already

# 1. Settings: one small file. Without it all is as the answer key says.
cat > class.yaml <<'END'
timezone: Europe/Berlin
late: {percent_a_day: 10, at_most: 50}
exercises:
  01-sources:
    due: 2026-10-13 00:00
    policies: {"01.2": count}
extensions:
  synthetic-02: {01-sources: 48}
END

# 2. Release: for the Formgrader and the exchange, as bundle, as zip, as branch for nbgitpuller.
run grader release "$exercise" --branch students
run nbgrader release_assignment "$exercise"

# 3. Students work and hand in, each fifth of them in another way.
people hand-in "$exercise" "$students" "$downloads"

# 4. Who is in the class, and what came back.
run grader roster "$downloads"/canvas-list.csv "$downloads"/moodle-list.csv "$downloads"/brightspace-list.csv
run grader collect
run grader collect "$downloads"/canvas.zip "$downloads"/canvas-times.csv
run grader collect "$downloads"/moodle.zip "$downloads"/moodle-worksheet.csv
run grader collect "$downloads"/brightspace.zip
run grader collect "$downloads"/loose "$downloads"/loose-times.csv

# 5. By machine. These submissions are our own: they need no protection that a machine may lack.
run grader grade "$exercise" --allow-unprotected all
people compare "$exercise"

# 6. By hand: what waits, whether two graders agree, and the points.
run grader queue "$exercise" --anonymous
run grader agreement draw 01.R1 --size $((students < 20 ? students / 2 : 20))
people fill-worksheets 01.R1
run grader agreement compute 01.R1 classroom/agreement/01.R1/grader-*.csv
people grade-by-hand "$exercise"

# 7. Another look at the points: 01.3 counts double. Nothing runs again, and work by hand stays.
sed -i 's/    policies:/    points: {"01.3": 2}\n    policies:/' class.yaml
run grader grade "$exercise" --rescore

# 8. Pages for students, a page for the instructor, files for the platforms.
run grader feedback "$exercise" --zip canvas   # also a zip that Canvas takes back
run grader report
for platform in canvas moodle brightspace; do run grader export "$platform"; done
people compare "$exercise"
