import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

const config = `import { defineConfig } from 'flightrules'

const ports: Record<string, number> = { PORT: 3000 }

export default defineConfig({ extends: ['npm'], ports, env: { DATABASE_URL: 'postgres://localhost/{session_snake}' } })
`

/** A TypeScript config, approved and compiled before, whose snapshot does not hold any more. */
export async function configuration(workspace, rounds) {
  const { env } = workspace
  const repository = makeRepository(workspace, 'config')
  mkdirSync(join(repository.path, 'node_modules'))
  symlinkSync(workspace.installed, join(repository.path, 'node_modules', 'flightrules'), 'junction')
  writeFileSync(join(repository.path, 'flightrules.config.ts'), config)
  const shown = JSON.parse(flightrules(workspace, repository.path, 'trust', '--show', '--json'))
  flightrules(workspace, repository.path, 'trust', '--digest', shown.data.digest)
  const show = () => run(process.execPath, [workspace.cli, 'config', 'show', '--json'], { cwd: repository.path, env })
  const times = await measure(
    {
      node: { run: () => run(process.execPath, ['-e', '0'], { env }) },
      snapshot: { run: show },
      evaluated: { run: show, before: () => rmSync(join(repository.path, '.git/flightrules/config.json')) },
    },
    rounds,
  )
  return [
    { what: 'config show, from the snapshot', time: times.snapshot },
    { what: 'config show, a .ts config evaluated', time: times.evaluated, against: 'at most', base: 0, extra: 150 },
  ]
}
