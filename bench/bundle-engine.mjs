// Bundles radar-engine.mjs, which is TypeScript, into the file that is named: `node bundle-engine.mjs <file>`. A process of its own: the
// bundler stays in memory, and a large process takes longer to start others.
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const build = await rolldown({ input: fileURLToPath(new URL('radar-engine.mjs', import.meta.url)), platform: 'node' })
await build.write({ file: argv[2], format: 'esm' })
await build.close()
