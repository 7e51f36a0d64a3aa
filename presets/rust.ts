import { definePreset } from '../src/index.ts'

/**
 * cargo's registry is shared by all worktrees already. The target folder is left out: it is too large to copy where the
 * file system has no copy-on-write (where it has, add `dependencies: { paths: ['target'] }`), and one shared folder
 * makes the sessions wait for each other's build lock.
 */
export const rust = definePreset({
  name: 'rust',
  postCreateHook: ['cargo fetch'],
})
