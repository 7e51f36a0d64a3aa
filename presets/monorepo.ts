import { definePreset } from '../src/index.ts'

/** Env files of the packages, as workspaces are usually laid out. Use it beside the package manager's preset. */
export const monorepo = definePreset({
  name: 'monorepo',
  envFiles: [
    '.env',
    '.env.local',
    '.env.*.local',
    'packages/*/.env',
    'packages/*/.env.local',
    'packages/*/.env.*.local',
    'apps/*/.env',
    'apps/*/.env.local',
    'apps/*/.env.*.local',
  ],
})
