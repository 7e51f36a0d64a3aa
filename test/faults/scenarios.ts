import { chmod, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TemplateName } from './templates.ts'
import type { Tokens } from './tokens.ts'
import { isThere, type View } from './view.ts'
import type { World } from './world.ts'

/** A mutating command in a situation, and what is true once it was carried out. */
export interface Scenario {
  readonly name: string
  readonly template: TemplateName
  /** `ours`: arguments of the program under test; `git`: of git, whose hooks run it. */
  readonly kind: 'ours' | 'git'
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Makes the situation out of the template. */
  readonly prepare?: (world: World, tokens: Tokens) => Promise<void>
  /** Codes by which the same command, run again, says that it is done already. */
  readonly already?: readonly string[]
  /** Exit statuses of the command when nothing fails. Default only 0. */
  readonly statuses?: readonly number[]
  /** What it changes in the main worktree. Default nothing. */
  readonly main?: 'same' | 'moves' | 'any'
  /** What is wrong with the world after the command was carried out, at last. */
  readonly check?: (world: World, view: View, before: View, said: string) => Promise<string[]>
}

const methods = ['merge', 'squash', 'rebase', 'ff-only'] as const

const has = (view: View, id: string): boolean => view.sessions.some((session) => session.id === id)

async function dirtyMain({ project }: World, tokens: Tokens): Promise<void> {
  await project.write('README.md', `# project\n${tokens.make()}\n`)
  await project.write('draft.txt', `${tokens.make()}\n`)
  await project.write('staged.txt', `${tokens.make()}\n`)
  await project.git(['add', 'staged.txt'])
}

/** Somebody's request on the forge, whose commits are fetched from the folder that stands for it; its own hook would be found. */
async function sendRequest({ project }: World): Promise<void> {
  const { parent, remotePath } = project
  const theirs = join(parent, 'theirs')
  await project.git(['clone', '--quiet', '--no-local', remotePath ?? '', theirs])
  await project.write(join(theirs, '.hooks/post-checkout'), '#!/bin/sh\ntouch ../../their-hook-ran\n')
  await chmod(join(theirs, '.hooks/post-checkout'), 0o755)
  await project.git(['add', '--all'], theirs)
  await project.git(['commit', '--quiet', '--no-verify', '--message', 'theirs'], theirs)
  await project.git(['push', '--quiet', '--no-verify', 'origin', 'HEAD:refs/pull/7/head'], theirs)
  const request = { number: 7, baseRefName: 'main', headRefName: 'main', isCrossRepository: true, body: '' }
  await project.write(join(parent, 'forge/request.json'), JSON.stringify(request))
  const transport = join(parent, 'forge/ssh')
  await project.write(transport, `#!/bin/sh\nexec git upload-pack '${remotePath ?? ''}'\n`)
  await chmod(transport, 0o755)
  await project.git(['config', 'core.sshCommand', transport])
  await project.git(['config', 'ssh.variant', 'simple'])
  await project.git(['remote', 'set-url', 'origin', 'git@github.com:o/r.git'])
}

/** Somebody else's work is there as a session in which nothing runs and to which nothing was copied. */
async function requireHeld({ project }: World, view: View): Promise<string[]> {
  const session = view.sessions.find(({ id }) => id === 'pr-7')
  if (session === undefined) return ['X: there is no session pr-7']
  const problems = session.status === 'active' ? [] : [`X: pr-7 is ${session.status}`]
  const hooks = await project.git(['config', 'core.hooksPath'], session.path).catch(() => 'its own')
  if (!hooks.endsWith('no-hooks')) problems.push(`N: git runs the hooks in ${hooks} there`)
  for (const name of ['.env', '.env.local', 'ready.ignored'])
    if (await isThere(join(session.path, name))) problems.push(`N: pr-7 has ${name}`)
  if (await isThere(join(project.parent, 'their-hook-ran'))) problems.push('N: a hook of the request ran')
  return problems
}

async function requireStarted(id: string, world: World, view: View, said: string): Promise<string[]> {
  const problems: string[] = []
  const session = view.sessions.find((one) => one.id === id)
  if (session === undefined) return [`X: there is no session ${id}`]
  if (session.status !== 'active') problems.push(`X: ${id} is ${session.status}`)
  for (const name of ['shared.txt', 'one.slow', '.env', '.env.local', 'docs']) {
    // a copy that failed is a finding, and the session is there all the same
    if (name === '.env' && said.includes('ENV_FILE_NOT_COPIED')) continue
    if (!(await isThere(join(session.path, name)))) problems.push(`X: ${id} has no ${name}`)
  }
  const changes = await world.project.git(['status', '--porcelain', '--', ':!docs'], session.path)
  if (changes !== '') problems.push(`X: ${id} is not clean: ${changes}`)
  return problems
}

/** Work merged exactly once: the session's files are in the base, and no two commits say the same. */
async function requireMerged(world: World, view: View, before: View, said: string): Promise<string[]> {
  const problems: string[] = []
  const { project } = world
  if (has(view, 'done')) problems.push('X: done is still a session')
  // a branch that could not be deleted is kept, and that is said
  if (view.refs.has('refs/heads/session/done') && !said.includes('BRANCH_KEPT')) problems.push('X: session/done is still there')
  const names = await project.git(['ls-tree', '-r', '--name-only', 'main'])
  if (!names.includes('done.txt')) problems.push('X: its work is not in main')
  const base = before.refs.get('refs/heads/main') ?? ''
  const subjects = (await project.git(['log', '--no-merges', '--format=%s', `${base}..main`])).split('\n')
  if (new Set(subjects).size !== subjects.length) problems.push(`X: merged twice: ${subjects.join(', ')}`)
  const merges = await project.git(['rev-list', '--merges', '--count', `${base}..main`])
  if (Number(merges) > 1) problems.push(`X: ${merges} merges`)
  return problems
}

/** Nothing the person had under way in the main worktree is different, and nothing of the merge is staged backwards. */
async function requireSameChanges(world: World): Promise<string[]> {
  const now = await world.project.git(['status', '--porcelain', '--untracked-files=all'])
  const wanted = [' M README.md', 'A  staged.txt', '?? draft.txt'].join('\n')
  return now === wanted ? [] : [`G: changes in the main worktree are now ${JSON.stringify(now)}`]
}

async function requireGone(id: string, view: View): Promise<string[]> {
  return has(view, id) ? [`X: ${id} is still a session`] : []
}

/** As it was put away: index, changes, untracked and ignored files. */
async function requireRestored(world: World, view: View): Promise<string[]> {
  const session = view.sessions.find(({ id }) => id === 'busy')
  if (session === undefined) return ['X: busy is no session']
  const problems = session.branch === 'session/busy' ? [] : [`X: busy is on ${session.branch ?? 'no branch'}`]
  const args = ['status', '--porcelain', '--ignored', '--', ':!docs', ':!.env*', ':!ready.ignored']
  const now = (await world.project.git(args, session.path)).split('\n').toSorted().join('; ')
  const wanted = [' M flightrules.config.json', '!! deep/', '?? "new file.txt"', 'MM shared.txt'].toSorted().join('; ')
  return now === wanted ? problems : [...problems, `X: busy has other changes: ${now}`]
}

async function purgeBusy({ project }: World): Promise<void> {
  const { status, stderr } = await project.cli(['trash', '--purge', 'busy'])
  if (status !== 0) throw new Error(stderr)
}

/** Nothing of the folder is left, and everything comes back. */
async function requirePurged({ project }: World): Promise<string[]> {
  const { json } = await project.json(['trash'])
  const { items } = json.data as unknown as { items: { id: string; folder: string }[] }
  return items.some(({ id, folder }) => id === 'busy' && folder === 'gone') ? [] : ['X: the folder of busy is still there']
}

async function countRequests(world: World): Promise<string[]> {
  const text = await readFile(join(world.project.parent, 'forge', 'calls'), 'utf8').catch(() => '')
  const created = text.split('\n').filter((line) => line.includes('"create"')).length
  return created === 1 ? [] : [`X: ${created} requests were opened`]
}

const ended = ['SESSION_NOT_FOUND']

function mergeInto(place: 'main' | 'elsewhere' | 'nowhere', method: (typeof methods)[number]): Scenario {
  return {
    name: `end, ${method}, base in ${place}`,
    template: place === 'main' ? 'usual' : place,
    kind: 'ours',
    args: ['end', 'done', '--strategy', 'merge', '--merge', method],
    already: ended,
    prepare: dirtyMain,
    main: place === 'main' ? 'moves' : 'same',
    check: async (world, view, before, said) => [
      ...(await requireMerged(world, view, before, said)),
      ...(place === 'main' ? await requireSameChanges(world) : []),
    ],
  }
}

const changesOfBusy = [' M flightrules.config.json', '?? "new file.txt"', 'MM shared.txt'].toSorted().join('; ')

/** The base goes on, in a file the session has changed and in one that git is slow to write. */
async function moveBase({ project }: World): Promise<void> {
  await project.commit('meanwhile', {
    'shared.txt': 'first\n2\n3\n4\n5\n',
    'two.slow': 'two, changed\n',
    'folder/more.slow': 'more\n',
  })
}

/** On top of its base, each commit once, with what was not committed as it was. */
async function requireSynced(world: World, view: View, id: string, subjects: readonly string[]): Promise<string[]> {
  const { project } = world
  const session = view.sessions.find((one) => one.id === id)
  if (session === undefined) return [`X: ${id} is no session`]
  const problems = session.branch === `session/${id}` ? [] : [`X: ${id} is on ${session.branch ?? 'no branch'}`]
  if ((await project.git(['merge-base', 'main', 'HEAD'], session.path)) !== (await project.git(['rev-parse', 'main'])))
    problems.push(`X: ${id} is not on top of main`)
  const own = (await project.git(['log', '--no-merges', '--reverse', '--format=%s', 'main..HEAD'], session.path)).split('\n')
  if (own.length !== subjects.length || own.some((subject, at) => !subject.startsWith(subjects[at] ?? '')))
    problems.push(`X: its commits are ${own.join(', ')}`)
  if (Number(await project.git(['rev-list', '--merges', '--count', 'main..HEAD'], session.path)) > 1)
    problems.push('X: merged twice')
  const changes = (await project.git(['status', '--porcelain', '--', ':!docs'], session.path)).split('\n').toSorted().join('; ')
  if (changes !== (id === 'busy' ? changesOfBusy : '')) problems.push(`G: changes in ${id} are now ${JSON.stringify(changes)}`)
  const left = [...view.refs.keys()].filter((ref) => ref.startsWith('refs/flightrules/sync/'))
  if (left.length > 0) problems.push(`G: left over: ${left.join(', ')}`)
  const written = await readFile(join(session.path, 'two.slow'), 'utf8')
  return written === 'two, changed\n' ? problems : [...problems, `X: two.slow is ${JSON.stringify(written)}`]
}

function syncOf(id: 'busy' | 'done', method: 'rebase' | 'merge'): Scenario {
  const subjects = id === 'busy' ? ['work on busy'] : ['work on done', 'more work']
  return {
    name: `sync, ${method}, ${id}`,
    template: 'usual',
    kind: 'ours',
    args: ['sync', id, '--method', method, '--no-fetch'],
    prepare: async (world) => {
      await (id === 'busy' ? moveBase(world) : world.project.commit('meanwhile', { 'two.slow': 'two, changed\n' }))
    },
    check: (world, view) => requireSynced(world, view, id, subjects),
  }
}

export const scenarios: readonly Scenario[] = [
  syncOf('done', 'rebase'),
  syncOf('busy', 'rebase'),
  syncOf('busy', 'merge'),
  {
    name: 'sync, conflicts left',
    template: 'usual',
    kind: 'ours',
    args: ['sync', 'done', '--method', 'merge', '--no-fetch', '--leave-conflicts'],
    statuses: [4],
    already: ['OPERATION_IN_PROGRESS'],
    prepare: async ({ project }) => {
      await project.commit('meanwhile', { 'shared.txt': 'first\n2\n3\n4\n5\n', 'two.slow': 'two, changed\n' })
    },
    check: async ({ project }) => {
      const status = await project.git(['status', '--porcelain', '--', ':!docs'], project.session('done'))
      return status === 'UU shared.txt\nM  two.slow' ? [] : [`G: changes are ${JSON.stringify(status)}`]
    },
  },
  {
    name: 'start',
    template: 'usual',
    kind: 'ours',
    args: ['start', 'fresh', '--goal', 'Try it'],
    already: ['SESSION_EXISTS'],
    check: (world, view, _before, said) => requireStarted('fresh', world, view, said),
  },
  {
    name: 'start, setup fails',
    template: 'usual',
    kind: 'ours',
    args: ['start', 'fresh'],
    env: { FAIL_SETUP: '1' },
    already: ['SESSION_EXISTS'],
    statuses: [1],
    check: (world, view, _before, said) => requireStarted('fresh', world, view, said),
  },
  {
    name: 'start --carry',
    template: 'usual',
    kind: 'ours',
    args: ['start', 'fresh', '--carry'],
    prepare: dirtyMain,
    already: ['SESSION_EXISTS'],
    main: 'any',
    check: async (_world, view) => (has(view, 'fresh') ? [] : ['X: there is no session fresh']),
  },
  {
    name: 'start --standard',
    template: 'usual',
    kind: 'ours',
    args: ['start', 'here', '--standard'],
    already: ['SESSION_EXISTS', 'STANDARD_EXISTS'],
    main: 'any',
    check: async (_world, view) => (has(view, 'here') ? [] : ['X: there is no session here']),
  },
  {
    name: 'start --pr',
    template: 'forge',
    kind: 'ours',
    args: ['start', '--pr', '7'],
    prepare: sendRequest,
    already: ['SESSION_EXISTS'],
    check: (world, view) => requireHeld(world, view),
  },
  ...methods.flatMap((method) => (['main', 'elsewhere', 'nowhere'] as const).map((place) => mergeInto(place, method))),
  {
    name: 'end by request',
    template: 'forge',
    kind: 'ours',
    args: ['end', 'done', '--strategy', 'pr'],
    check: async (world, view) => [...(has(view, 'done') ? [] : ['X: done is gone']), ...(await countRequests(world))],
  },
  {
    name: 'end, keep',
    template: 'usual',
    kind: 'ours',
    args: ['end', 'done', '--strategy', 'keep', '--save-log'],
    main: 'any',
    check: async (_world, view) =>
      view.sessions.some(({ id, status }) => id === 'done' && status === 'kept') ? [] : ['X: done is not kept'],
  },
  {
    name: 'end, abandon dirty',
    template: 'usual',
    kind: 'ours',
    args: ['end', 'busy', '--strategy', 'abandon'],
    already: ended,
    check: (_world, view) => requireGone('busy', view),
  },
  {
    name: 'end, commit and merge',
    template: 'usual',
    kind: 'ours',
    args: ['end', 'busy', '--strategy', 'merge', '--commit', 'the rest'],
    prepare: async (world) => {
      const [staged] = world.stagedOver
      // whoever commits everything as it is now has no use for what was staged before
      world.tokens = world.tokens.filter((token) => token !== staged)
    },
    already: ended,
    main: 'moves',
    check: (_world, view) => requireGone('busy', view),
  },
  {
    name: 'restore',
    template: 'abandoned',
    kind: 'ours',
    args: ['restore', 'busy'],
    already: ['SESSION_EXISTS', 'TRASH_NOT_FOUND'],
    check: requireRestored,
  },
  {
    name: 'restore, folder deleted',
    template: 'abandoned',
    kind: 'ours',
    args: ['restore', 'busy'],
    prepare: purgeBusy,
    already: ['SESSION_EXISTS'],
    check: requireRestored,
  },
  {
    name: 'trash --purge',
    template: 'abandoned',
    kind: 'ours',
    args: ['trash', '--purge', 'busy'],
    check: requirePurged,
  },
  {
    name: 'cleanup',
    template: 'merged',
    kind: 'ours',
    args: ['cleanup', '--merged'],
    check: (_world, view) => requireGone('done', view),
  },
  {
    name: 'git merge',
    template: 'usual',
    kind: 'git',
    args: ['merge', '--quiet', '--no-edit', 'session/done'],
    // its branch is gone once it was merged and cleaned up
    statuses: [0, 1],
    main: 'any',
  },
  {
    name: 'git worktree add',
    template: 'usual',
    kind: 'git',
    args: ['worktree', 'add', '--quiet', '-b', 'by-hand', '../usual-by-hand'],
    statuses: [0, 128, 255],
    check: async ({ project }, view) => {
      const path = join(project.parent, 'usual-by-hand')
      return view.sessions.some((session) => session.path === path) ? [] : ['X: the worktree is no session']
    },
  },
  {
    name: 'setup',
    template: 'usual',
    kind: 'ours',
    args: ['setup', 'busy'],
    check: async (_world, view) =>
      view.sessions.some(({ id, setup }) => id === 'busy' && setup === 'ok') ? [] : ['X: its setup is not done'],
  },
  {
    name: 'log --append',
    template: 'usual',
    kind: 'ours',
    args: ['log', 'busy', '--append', 'plan', '--text', 'noted'],
    async check({ project }, view) {
      const { path = '' } = view.sessions.find(({ id }) => id === 'busy') ?? {}
      const folder = join(path, 'docs/session_logs')
      const names = await readdir(folder).catch(() => [])
      const text = await project.read(join(folder, names[0] ?? ''))
      const isWhole = /^# Session busy\n[^]*\n## Plan\n(?:\nnoted\n)+\n## Summary\n[^]*\n## Next steps\n$/.test(text)
      return names.length === 1 && isWhole ? [] : [`T: the log is not whole, or not alone: ${names.join(', ')}`]
    },
  },
  {
    name: 'init',
    template: 'untouched',
    kind: 'ours',
    args: ['init', '--hooks', 'native'],
    main: 'any',
    check: async ({ project }) => {
      const hooks = await readdir(join(project.path, '.git/hooks'))
      return ['post-checkout', 'pre-push', 'post-merge']
        .filter((name) => !hooks.includes(name))
        .map((name) => `X: no hook ${name}`)
    },
  },
  {
    name: 'init --remove',
    template: 'usual',
    kind: 'ours',
    args: ['init', '--remove'],
    main: 'any',
    check: async ({ project }) => {
      const hooks = await readdir(join(project.path, '.git/hooks'))
      return ['post-checkout', 'post-merge'].filter((name) => hooks.includes(name)).map((name) => `X: still a hook ${name}`)
    },
  },
]
