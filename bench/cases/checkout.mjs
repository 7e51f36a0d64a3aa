import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

/** `git checkout -q main` in a tiny repository: what everybody pays at every checkout, sessions or not. */
export async function checkout(workspace, rounds) {
  const folders = {
    'no hook': () => {},
    'raw sh hook': ({ path }) => writeScript(join(path, '.git/hooks/post-checkout'), '#!/bin/sh\nexit 0\n'),
    'ours, plain git': ({ path }) => flightrules(workspace, path, 'init', '--hooks', 'native'),
    'husky, empty hook': ({ path }) => {
      installHusky(workspace, path)
      writeScript(join(path, '.husky/post-checkout'), '')
    },
    'ours through husky': ({ path }) => {
      writeFileSync(join(path, 'package.json'), '{"private":true,"devDependencies":{"husky":"9.1.7"}}\n')
      installHusky(workspace, path)
      flightrules(workspace, path, 'init', '--hooks', 'husky')
    },
  }
  const variants = {}
  for (const [name, prepare] of Object.entries(folders)) {
    const repository = makeRepository(workspace, `checkout ${name.replaceAll(/\W+/g, '-')}`)
    prepare(repository)
    variants[name] = { run: () => run('git', ['checkout', '-q', 'main'], { cwd: repository.path, env: workspace.env }) }
  }
  const times = await measure(variants, rounds * 4)
  const [raw, husky] = [times['raw sh hook'], times['husky, empty hook']]
  return [
    { what: 'git checkout, no hook', time: times['no hook'] },
    { what: 'git checkout, raw sh hook', time: raw },
    { what: 'git checkout, ours in plain git', time: times['ours, plain git'], against: 'raw sh hook', base: raw, extra: 1 },
    { what: 'git checkout, husky with an empty hook', time: husky },
    {
      what: 'git checkout, ours through husky',
      time: times['ours through husky'],
      against: 'husky with an empty hook',
      base: husky,
      extra: 1,
    },
  ]
}

function installHusky(workspace, path) {
  run(process.execPath, [join(workspace.modules, 'husky', 'bin.js')], { cwd: path, env: workspace.env })
}

function writeScript(file, content) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  chmodSync(file, 0o755)
}
