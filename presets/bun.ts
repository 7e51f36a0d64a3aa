import { definePreset } from '../src/index.ts'

/** Nothing is cloned: bun fills node_modules from its own cache, by copy-on-write or hard links. */
export const bun = definePreset({
  name: 'bun',
  postCreateHook: ['bun install'],
})
