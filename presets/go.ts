import { definePreset } from '../src/index.ts'

/** Go's module and build caches are the user's and shared by all worktrees; only missing modules are fetched. */
export const go = definePreset({
  name: 'go',
  postCreateHook: ['go mod download'],
})
