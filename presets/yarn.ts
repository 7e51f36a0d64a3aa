import { definePreset } from '../src/index.ts'

/** No flag: Yarn 1 and Yarn 2 and later share none that helps here, and a plain install is right in both. */
export const yarn = definePreset({
  name: 'yarn',
  dependencies: { paths: ['node_modules'], strategy: 'clone' },
  postCreateHook: ['yarn install'],
})
