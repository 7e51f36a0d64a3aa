import { definePreset } from '../src/index.ts'

/** A virtual environment holds absolute paths and must never be copied: each session makes its own. */
export const pythonVenv = definePreset({
  name: 'python-venv',
  postCreateHook: [
    'python3 -m venv .venv',
    'if [ -f requirements.txt ]; then .venv/bin/python -m pip install --disable-pip-version-check -r requirements.txt; elif [ -f pyproject.toml ] || [ -f setup.py ]; then .venv/bin/python -m pip install --disable-pip-version-check -e .; fi',
  ],
})
