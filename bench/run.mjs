// npm run bench [-- --rounds 20] [-- --only status]: how long what people wait for takes, beside what it cannot be faster than.
// Medians of interleaved runs in throw-away repositories; only ratios and differences within one run mean anything.
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, platform, release } from 'node:os'
import { parseArgs } from 'node:util'
import { abandon } from './cases/abandon.mjs'
import { agents } from './cases/agents.mjs'
import { checkout } from './cases/checkout.mjs'
import { configuration } from './cases/config.mjs'
import { hooks } from './cases/hooks.mjs'
import { lock } from './cases/lock.mjs'
import { radar } from './cases/radar.mjs'
import { merged } from './cases/merged.mjs'
import { start } from './cases/start.mjs'
import { status } from './cases/status.mjs'
import { renderTable } from './table.mjs'
import { makeWorkspace } from './workspace.mjs'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, only: { type: 'string' }, keep: { type: 'boolean', default: false } },
})
const rounds = Number(values.rounds)
const cases = {
  checkout: (workspace) => checkout(workspace, rounds),
  start: (workspace) => start(workspace, rounds),
  lock: (workspace) => lock(workspace, rounds),
  'status 1': (workspace) => status(workspace, rounds, 1),
  'status 10': (workspace) => status(workspace, rounds, 10),
  'status 50': (workspace) => status(workspace, Math.ceil(rounds / 2), 50),
  'merged 50': (workspace) => merged(workspace, Math.ceil(rounds / 2), 50),
  hooks: (workspace) => hooks(workspace, rounds),
  agents: (workspace) => agents(workspace, rounds),
  abandon: (workspace) => abandon(workspace, Math.ceil(rounds / 10)),
  'radar 25': (workspace) => radar(workspace, Math.ceil(rounds / 4), 25, 10_000),
  'radar 100': (workspace) => radar(workspace, Math.ceil(rounds / 10), 100, 2_000),
  config: (workspace) => configuration(workspace, rounds),
}

const workspace = makeWorkspace()
try {
  const git = execFileSync('git', ['version'], { encoding: 'utf8' }).trim()
  const processors = cpus()
  console.log(
    `${platform()} ${release().split('-')[0]}, ${processors.length} cores, node ${process.versions.node}, ${git}, ${rounds} rounds\n`,
  )
  const rows = []
  for (const [name, measured] of Object.entries(cases)) {
    if (values.only !== undefined && !name.includes(values.only)) continue
    process.stderr.write(`${name} …\n`)
    rows.push(...(await measured(workspace)))
  }
  console.log(renderTable(rows))
  const over = rows.filter(({ time, base, extra }) => extra !== undefined && time > base + extra)
  const [load = 0] = loadavg()
  if (load > processors.length)
    console.log(`\nothers kept the machine busy (load ${load.toFixed(1)}): differences in milliseconds mean little`)
  if (over.length > 0) console.log(`\n${over.length} over budget`)
} finally {
  if (values.keep) console.log(`\nkept: ${workspace.path}`)
  else workspace.remove()
}
