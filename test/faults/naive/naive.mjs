// What most people would write in an afternoon: it works as long as nothing goes wrong. The fault tests must catch it.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const [command, id, ...rest] = process.argv.slice(2).filter((word) => word !== '--json')
const flag = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined)
const env = { ...process.env, FLIGHTRULES: '0' }
const git = (args, cwd) => execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()

const main = dirname(resolve(git(['rev-parse', '--git-common-dir'])))
const folder = `${main}-sessions`
const manifestFile = join(folder, '.manifest.json')
const [point, kind] = (process.env['FLIGHTRULES_FAILPOINT'] ?? '').split('=')

function reach(name) {
  const trace = process.env['FLIGHTRULES_FAILPOINT_TRACE']
  if (trace !== undefined) appendFileSync(trace, `${name}#1\n`)
  if (point !== `${name}#1`) return
  if (kind === 'kill') process.kill(process.pid, 'SIGKILL')
  if (kind === 'INT' || kind === 'TERM') process.kill(process.pid, `SIG${kind}`)
  else throw new Error(`${kind}: ${name}`)
}

function writeManifest(manifest) {
  const text = JSON.stringify(manifest, null, 2)
  reach('write:manifest')
  const file = openSync(manifestFile, 'w')
  writeSync(file, text.slice(0, text.length >> 1))
  reach('replace:manifest')
  writeSync(file, text.slice(text.length >> 1))
  closeSync(file)
}

function readManifest() {
  return existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, 'utf8')) : { version: 1, main, sessions: [] }
}

function start() {
  const manifest = readManifest()
  if (manifest.sessions.some((session) => session.id === id)) throw new Error(`there is a session ${id} already`)
  const path = join(folder, id)
  git(['branch', `session/${id}`, 'main'], main)
  reach('before:add-worktree')
  git(['worktree', 'add', '--quiet', path, `session/${id}`], main)
  reach('before:write-record')
  const record = { id, branch: `session/${id}`, status: 'active', setup: { status: 'ok' } }
  writeFileSync(join(git(['rev-parse', '--absolute-git-dir'], path), 'flightrules.json'), JSON.stringify(record))
  reach('before:copy-env-files')
  for (const name of ['.env']) if (existsSync(join(main, name))) copyFileSync(join(main, name), join(path, name))
  writeFileSync(join(path, '.env.local'), 'PORT=3009\n')
  execFileSync('mkdir', ['-p', join(path, 'docs')])
  reach('before:write-manifest')
  writeManifest({
    ...manifest,
    sessions: [...manifest.sessions, { ...record, worktree: `../${folder.split('/').at(-1)}/${id}` }],
  })
}

function end() {
  const manifest = readManifest()
  const session = manifest.sessions.find((one) => one.id === id)
  if (session === undefined) return 'SESSION_NOT_FOUND'
  if (flag('--strategy') === 'merge') {
    const holder = git(['branch', '--show-current'], main)
    if (holder !== 'main') git(['switch', '--quiet', 'main'], main)
    git(['merge', '--quiet', '--no-edit', session.branch], main)
    if (holder !== 'main') git(['switch', '--quiet', holder], main)
  }
  reach('before:remove-worktree')
  git(['worktree', 'remove', '--force', '--force', join(folder, id)], main)
  reach('before:delete-branch')
  git(['branch', '--quiet', '-D', session.branch], main)
  reach('before:write-manifest')
  writeManifest({ ...manifest, sessions: manifest.sessions.filter((one) => one.id !== id) })
  return undefined
}

try {
  const code = command === 'start' ? start() : command === 'end' ? end() : void readManifest()
  if (command === 'status') readdirSync(folder)
  const error = { code, message: `${id} is unknown` }
  console.log(JSON.stringify({ version: 1, command, ok: code === undefined, ...(code === undefined ? { data: {} } : { error }) }))
  process.exitCode = code === undefined ? 0 : 2
} catch (error) {
  console.log(JSON.stringify({ version: 1, command, ok: false, error: { code: 'FAILED', message: String(error.message) } }))
  process.exitCode = 1
}
