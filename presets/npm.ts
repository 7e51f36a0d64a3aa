import { definePreset } from '../src/index.ts'

/** `npm install` and not `npm ci`: that one would first throw away the dependencies the session was just given. */
export const npm = definePreset({
  name: 'npm',
  dependencies: { paths: ['node_modules'], strategy: 'clone' },
  postCreateHook: ['npm install --prefer-offline --no-audit --no-fund'],
})
