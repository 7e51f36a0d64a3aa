// npm run demo: sets Flight Rules up on a throw-away repository and does its main job there, with real git and real hooks.
// --keep leaves the repository for a look, --package <dir> takes a built package instead of building this one.
import { execFile } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { Stage, StoryError } from './demo/stage.mjs'
import { tell } from './demo/story.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false }, package: { type: 'string' } } })

const started = Date.now()
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interruption.abort())

if (values.package === undefined) await build()
const stage = await Stage.open({
  print: (text) => void process.stdout.write(text),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  columns: process.stdout.columns || 110,
  signal: interruption.signal,
})
try {
  await tell(stage, values.package === undefined ? root : resolve(values.package))
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`\nEverything did what it should, in ${seconds} s.`)
} catch (error) {
  process.exitCode = interruption.signal.aborted ? 130 : 1
  if (interruption.signal.aborted) console.error('\nInterrupted.')
  else console.error(error instanceof StoryError ? `\nThe demo failed: ${error.message}` : error)
} finally {
  if (values.keep) console.log(`The repository is in ${stage.directory}`)
  else await stage.close()
}

async function build() {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs')]).catch(({ stdout, stderr }) => {
    console.error(`${stdout}${stderr}\nThe package could not be built; was \`npm ci\` run?`)
    process.exit(1)
  })
}
