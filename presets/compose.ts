import { definePreset } from '../src/index.ts'

/**
 * A project name of its own gives each session its own containers, networks and volumes, and only those are removed.
 * Compose wants it in lower case: a repository folder with capitals or dots needs another `COMPOSE_PROJECT_NAME`.
 */
export const compose = definePreset({
  name: 'compose',
  env: { COMPOSE_PROJECT_NAME: '{project}-{session_snake}' },
  preRemoveHook: ['docker compose down -v --remove-orphans'],
})
