// The main job from start to end, on a throw-away repository with a remote. Every step is checked.
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { StoryError } from './stage.mjs'

const starter = {
  'package.json': '{\n  "name": "shop",\n  "private": true,\n  "type": "module",\n  "scripts": { "dev": "node server.js" }\n}\n',
  '.npmrc': 'package-lock=false\n',
  '.gitignore': 'node_modules/\n.env\n.env.local\n',
  '.env': 'PORT=3000\nSECRET=do-not-commit\n',
  'server.js':
    "import { createServer } from 'node:http'\n\ncreateServer((_, answer) => answer.end('shop')).listen(process.env.PORT)\n",
  'prices.js': 'export const price = 10\n',
  'login.html': '<form></form>\n',
}

/** Plays it. `packageFolder` is the built package that is installed into the repository. Gives the sessions' ports. */
export async function tell(stage, packageFolder) {
  await stage.prepare()
  await buildProject(stage, packageFolder)
  await setUp(stage)
  const ports = await startSessions(stage)
  await pushUncommitted(stage)
  await mergeOne(stage)
  await pullTheOther(stage)
  await lookBack(stage)
  return { ports }
}

async function buildProject(stage, packageFolder) {
  stage.chapter('project', 'A small project with a remote')
  await stage.type(['git', 'init', '--quiet', '--bare', 'origin.git'])
  await stage.type(['git', 'init', '--quiet', 'shop'])
  stage.goTo('shop')
  for (const [file, text] of Object.entries(starter)) await stage.add(file, text)
  await stage.type(['npm', 'install', '--save-dev', packageFolder])
  await stage.type(['git', 'add', '--all'])
  await stage.type(['git', 'commit', '--quiet', '--message', 'A shop'])
  await stage.type(['git', 'remote', 'add', 'origin', join(stage.directory, 'origin.git')])
  await stage.type(['git', 'push', '--quiet', '--set-upstream', 'origin', 'main'])
  stage.addToPath(join(stage.cwd, 'node_modules', '.bin'))
}

async function setUp(stage) {
  stage.chapter('init', 'Set it up, once')
  const said = await stage.type(['flightrules', 'init'])
  require(said.includes('hooks: husky'), 'init did not choose husky')
  require((await stage.ask(['git', 'config', 'core.hooksPath'])).trim() === '.husky/_', 'git does not run the hooks of husky')
  await stage.type(['git', 'add', '--all'])
  await stage.type(['git', 'commit', '--quiet', '--message', 'Set up Flight Rules'])
  await stage.type(['git', 'push', '--quiet'])
}

async function startSessions(stage) {
  stage.chapter('start', 'Three pieces of work at once')
  await stage.type(['flightrules', 'start', 'login', '--goal', 'Fix the login form'])
  stage.chapter('second', 'The second one')
  await stage.type(['flightrules', 'start', 'prices', '--goal', 'Show prices with tax', '--quiet'])
  stage.chapter('worktree', 'The third by plain git, as other tools do it')
  const said = await stage.type(['git', 'worktree', 'add', '../search'])
  require(said.includes('is session search'), 'the worktree made by git did not become a session')
  stage.chapter('status', 'Who works on what')
  await stage.type(['flightrules', 'status'])
  const { sessions } = await readStatus(stage)
  requireSessions(sessions, ['login', 'prices', 'search'])
  const ports = ['login', 'prices', 'search'].map((id) => sessions.find((session) => session.id === id).ports.PORT)
  require(new Set(ports).size === 3 && ports.every((port) => port > 3000), `the ports are ${ports.join(', ')}`)
  for (const [index, path] of ['shop-sessions/login', 'shop-sessions/prices', 'search'].entries()) {
    const folder = join(stage.directory, path)
    const seen = await stage.ask(
      ['node', '--env-file=.env', '--env-file=.env.local', '-p', 'process.env.SECRET + process.env.PORT'],
      folder,
    )
    require(seen.trim() === `do-not-commit${ports[index]}`, `${path} sees ${seen}`)
    require((await stage.ask(['git', 'status', '--porcelain'], folder)).replaceAll(/\?\? docs\/.*\n/g, '') ===
      '', `${path} is dirty`)
  }
  return ports
}

async function pushUncommitted(stage) {
  stage.chapter('push', 'A push that would leave a file behind is refused')
  stage.goTo('shop-sessions/login')
  await stage.write('login.html', '<form novalidate></form>')
  await stage.type(['git', 'commit', '--all', '--quiet', '--message', 'Fix the login form'])
  await stage.write('login.test.js', '// not added yet')
  const said = await stage.type(['git', 'push', '--set-upstream', 'origin', 'session/login'], { status: 1 })
  require(said.includes('push refused') && said.includes('login.test.js'), 'the refusal does not name the file')
  require((await stage.ask(['git', 'ls-remote', 'origin', 'session/login'])) === '', 'the branch is on the remote all the same')
  stage.chapter('push-again', 'Committed, it goes')
  await stage.type(['git', 'add', '--all'])
  await stage.type(['git', 'commit', '--quiet', '--message', 'Test the login form'])
  await stage.type(['git', 'push', '--quiet', '--set-upstream', 'origin', 'session/login'])
  require((await stage.ask(['git', 'ls-remote', 'origin', 'session/login'])) !== '', 'the branch is not on the remote')
}

async function mergeOne(stage) {
  stage.chapter('work', 'Work in the second session')
  stage.goTo('shop-sessions/prices')
  await stage.write('prices.js', 'export const price = 10 * 1.2')
  stage.goTo('shop')
  stage.chapter('end', 'Finish it: commit, merge, clean up')
  await stage.type(['flightrules', 'end', 'prices', '--strategy', 'merge', '--commit', 'Add tax'])
  require((await stage.ask(['git', 'show', 'main:prices.js'])) ===
    'export const price = 10 * 1.2\n', 'main does not have the work')
  require((await stage.ask(['git', 'status', '--porcelain'])) === '', 'the main worktree is dirty after the merge')
  await requireGone(stage, 'shop-sessions/prices', 'session/prices')
  stage.chapter('push-main', 'Share it')
  await stage.type(['git', 'push', '--quiet'])
}

async function pullTheOther(stage) {
  stage.chapter('colleague', 'Somebody else merges the first session, far away')
  stage.goTo('.')
  await stage.type(['git', 'clone', '--quiet', 'origin.git', 'colleague'])
  stage.goTo('colleague')
  await stage.type(['git', 'merge', '--quiet', '--no-ff', '--message', 'Merge the login form', 'origin/session/login'])
  await stage.type(['git', 'push', '--quiet'])
  stage.goTo('shop')
  stage.chapter('pull', 'The next pull cleans up')
  const said = await stage.type(['git', 'pull'])
  require(said.includes('login is in main now; cleaned up'), 'the pull did not clean up the merged session')
  await requireGone(stage, 'shop-sessions/login', 'session/login')
}

async function lookBack(stage) {
  stage.chapter('left', 'What is left')
  await stage.type(['flightrules', 'status'])
  await stage.type(['git', 'worktree', 'list'])
  await stage.type(['git', 'branch'])
  requireSessions((await readStatus(stage)).sessions, ['search'])
  stage.chapter('trash', 'And what was taken away can be had back')
  const refs = await stage.type(['git', 'for-each-ref', '--format', '%(refname)  %(subject)', 'refs/flightrules/trash'])
  require(/trash\/login\/.*\n.*trash\/prices\//.test(refs), 'the removed sessions were not kept in the trash')
}

async function readStatus(stage) {
  return JSON.parse(await stage.ask(['flightrules', 'status', '--json'])).data
}

function requireSessions(sessions, ids) {
  const found = sessions.map((session) => session.id).toSorted()
  require(found.join() === ids.join(), `the sessions are ${found.join(', ') || 'none'}, not ${ids.join(', ')}`)
}

async function requireGone(stage, folder, branch) {
  const isThere = await access(join(stage.directory, folder)).then(
    () => true,
    () => false,
  )
  require(!isThere, `${folder} is still there`)
  require((await stage.ask(['git', 'branch', '--list', branch])) === '', `branch ${branch} is still there`)
}

function require(isSo, otherwise) {
  if (!isSo) throw new StoryError(otherwise)
}
