import { defineConfig } from 'flightrules'

export default defineConfig({
  extends: ['npm'],
  base: 'main',
  mode: 'parallel',
  envFiles: [],
  end: { merge: 'squash' },
})
