// Writes what the program prints today between the markers of README.md; --check only says whether it is there already.
// The screens come from the demo's story, with everything that differs from run to run put right.
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Stage } from './demo/stage.mjs'
import { tell } from './demo/story.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false }, package: { type: 'string' } } })

const stage = await Stage.open({ print: () => {} })
try {
  const { ports } = await tell(stage, resolve(values.package ?? root))
  const file = join(root, 'README.md')
  const before = await readFile(file, 'utf8')
  const after = fillScreens(before, (name) => stabilize(requireChapter(name), ports))
  if (after === before) console.log('README.md is current')
  else if (values.check) {
    console.error(
      `README.md shows screens the program does not print; run \`npm run readme\`\n\n${firstDifference(before, after)}`,
    )
    process.exitCode = 1
  } else {
    await writeFile(file, after)
    console.log('README.md was brought up to date')
  }
} finally {
  await stage.close()
}

function fillScreens(text, screen) {
  return text.replaceAll(
    /(<!-- screens: ([\w -]+) -->\n)[^]*?(<!-- end of screens -->)/g,
    (_, opening, names, closing) => `${opening}\`\`\`console\n${names.split(' ').map(screen).join('\n')}\`\`\`\n${closing}`,
  )
}

function requireChapter(name) {
  const chapter = stage.chapters.find((one) => one.name === name)
  if (chapter === undefined) throw new Error(`the story has no chapter ${name}`)
  return chapter.text
}

/** Paths, ports, times and object names as they could be. */
function stabilize(text, ports) {
  const lines = ports.reduce((result, port, index) => result.replaceAll(`${port}`, `${3001 + index}`), text)
  return lines
    .replaceAll(stage.directory, '~')
    .replaceAll(/\b\d{8}_\d{4}_session/g, '20250117_1030_session')
    .replaceAll(/\b\d{8}t\d{9}z\b/g, '20250117t103000000z')
    .replaceAll(/\b[0-9a-f]{7}\.\.[0-9a-f]{7}\b/g, '6f1d2c8..b40e9a7')
    .replaceAll(/\(([0-9a-f]{12})\)/g, '(6f1d2c8e51a0)')
    .replaceAll(/now at [0-9a-f]{7}/g, 'now at 3a9c5e7')
    .replaceAll(/ [0-9a-f]{7} \[/g, ' b40e9a7 [')
}

function firstDifference(before, after) {
  const now = after.split('\n')
  const old = before.split('\n')
  const line = now.findIndex((text, index) => text !== old[index])
  return `line ${line + 1}\n  there: ${old[line]}\n  now:   ${now[line]}`
}
