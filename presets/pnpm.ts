import { definePreset } from '../src/index.ts'

/**
 * Nothing is cloned: pnpm links from its own store, which is faster than a copy of its links. A lockfile that fits is
 * not touched; `--frozen-lockfile` would only add a failure where a project keeps none.
 */
export const pnpm = definePreset({
  name: 'pnpm',
  postCreateHook: ['pnpm install --prefer-offline'],
})
