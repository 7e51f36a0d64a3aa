import { definePreset } from '../src/index.ts'

/** A virtual environment holds absolute paths and must never be copied; uv makes one from its cache in no time. */
export const pythonUv = definePreset({
  name: 'python-uv',
  postCreateHook: ['uv sync'],
})
