// What git calls a program makes, so that their own time can be told from the program's.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './measure.mjs'

/** Runs `work` with an environment whose git notes its calls; gives them as `{ cwd, args }`. */
export function recordGit(workspace, work) {
  const folder = join(workspace.path, 'recording')
  const log = join(folder, 'calls')
  mkdirSync(folder, { recursive: true })
  const path = workspace.env.PATH
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh\n{ printf '\\001%s\\002' "$PWD"; printf '%s\\002' "$@"; } >>'${log}'\nPATH='${path}' exec git "$@"\n`,
  )
  chmodSync(join(folder, 'git'), 0o755)
  writeFileSync(log, '')
  work({ ...workspace.env, PATH: `${folder}:${path}` })
  return readFileSync(log, 'utf8')
    .split('\u0001')
    .slice(1)
    .map((call) => {
      const [cwd, ...args] = call.split('\u0002').slice(0, -1)
      return { cwd, args }
    })
}

/** The same calls once more, one after the other; what they answer no longer matters. */
export function replay(workspace, calls) {
  for (const { cwd, args } of calls) run('git', args, { cwd, env: workspace.env, accept: 'any' })
}
