import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addWorktree } from '../../../src/git/add-worktree.ts'
import { Git } from '../../../src/git/git.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

const reason = 'flightrules session a; end it with: flightrules end a'

interface Place {
  readonly repository: TestRepository
  /** Where git is called. */
  readonly cwd: string
  readonly commonDir: string
}

async function addOurs({ repository, cwd, commonDir }: Place, path: string, branch: string): Promise<number> {
  await mkdir(path, { recursive: true })
  const git = new Git(cwd, repository.env)
  const input = { commonDir, path, branch, branchIs: 'existing', lockReason: reason, key: branch.replace('/', '-') } as const
  const { hookStatus } = await addWorktree(git, input)
  return hookStatus
}

/** A folder's files with their content, names in order; the index as git prints it, without times and numbers of the file system. */
async function describeAdmin(place: Place, path: string, branch: string): Promise<Record<string, string>> {
  const link = await readFile(join(path, '.git'), 'utf8')
  const gitDir = link.replace('gitdir: ', '').trim()
  const found: Record<string, string> = { '.git': link }
  for (const name of (await readdir(gitDir, { recursive: true })).toSorted()) {
    const text = await readFile(join(gitDir, name), 'utf8').catch(() => 'a folder')
    found[name] = name === 'index' ? '' : text
  }
  const git = (...args: string[]): Promise<string> => place.repository.git(args, path)
  found['index'] = (await git('ls-files', '--stage', '--debug', '-v')).replace(/^ {2}(?:[cm]time|dev):.*\n/gm, '')
  found['config'] = await git('config', '--list', '--show-scope')
  found['status'] = await git('status', '--porcelain=v2', '--branch', '--ignored')
  found['branch log'] = await git('reflog', 'show', branch)
  for (const name of (await readdir(path, { recursive: true })).filter((name) => name !== '.git').toSorted())
    found[`file ${name}`] = await readFile(join(path, name), 'base64').catch(() => 'a folder')
  const name = gitDir.slice(gitDir.lastIndexOf('/') + 1)
  const neutral = (text: string): string =>
    text
      .replaceAll(path, '<path>')
      .replaceAll(`worktrees/${name}`, 'worktrees/<name>')
      .replaceAll(branch, '<branch>')
      .replaceAll(/> \d+ /g, '> <time> ')
  return Object.fromEntries(Object.entries(found).map(([key, text]) => [key, neutral(text)]))
}

type Setup = (repository: TestRepository) => Promise<Partial<Place> | void>

const usual = { 'a.txt': 'one\n', 'd/b.txt': 'two\r\n', 'd/e/c.sh': '#!/bin/sh\n', '.gitignore': 'out/\n' }

const situations: Readonly<Record<string, Setup>> = {
  'a plain repository': async () => {},
  'line ends, filters and identifiers are changed on checkout': async ({ git, commit }) => {
    await git(['config', 'core.autocrlf', 'true'])
    await git(['config', 'filter.shout.smudge', 'tr a-z A-Z'])
    await git(['config', 'filter.shout.clean', 'tr A-Z a-z'])
    await commit('attributes', { '.gitattributes': 'a.txt filter=shout\n*.id ident\n', 'x.id': '$Id$\n' })
  },
  'a sparse checkout with a configuration for each worktree': async ({ git }) => {
    await git(['sparse-checkout', 'set', 'd/e'])
    await git(['config', '--worktree', 'flight.rules', 'yes'])
  },
  'no log of refs': async ({ git }) => void (await git(['config', 'core.logAllRefUpdates', 'false'])),
  'files of several modes, links and a submodule': async ({ git, path, parent, commit }) => {
    await git(['update-index', '--chmod=+x', 'd/e/c.sh'])
    await chmod(join(path, 'd/e/c.sh'), 0o755)
    await git(['init', '-q', join(parent, 'other')])
    await git(['commit', '-q', '--allow-empty', '-m', 'x'], join(parent, 'other'))
    await git(['config', 'submodule.recurse', 'true'])
    await git(['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(parent, 'other'), 'sub'])
    await commit('more')
  },
  'called in a bare repository': async ({ git, parent, path }) => {
    const bare = join(parent, 'bare.git')
    await git(['clone', '--quiet', '--bare', path, bare])
    return { cwd: bare, commonDir: bare }
  },
  'called in a bare repository whose bareness is its own setting': async ({ git, parent, path }) => {
    const bare = join(parent, 'bare.git')
    await git(['clone', '--quiet', '--bare', path, bare])
    await git(['config', 'extensions.worktreeConfig', 'true'], bare)
    await git(['config', '--unset', 'core.bare'], bare)
    await git(['config', '--file', join(bare, 'config.worktree'), 'core.bare', 'true'], bare)
    await git(['config', '--file', join(bare, 'config.worktree'), 'core.worktree', '/nowhere'], bare)
    await git(['config', '--file', join(bare, 'config.worktree'), 'flight.rules', 'yes'], bare)
    return { cwd: bare, commonDir: bare }
  },
  'the git directory is elsewhere': async ({ git, parent, path }) => {
    await git(['init', '--quiet', '--separate-git-dir', join(parent, 'elsewhere')])
    return { cwd: path, commonDir: join(parent, 'elsewhere') }
  },
}

test.each(Object.entries(situations))('makes exactly what git worktree add makes: %s', async (_, setUp) => {
  const repository = await makeRepository({ files: usual })
  const changed = (await setUp(repository)) ?? {}
  const place = { repository, cwd: repository.path, commonDir: join(repository.path, '.git'), ...changed }
  const git = (...args: string[]): Promise<string> => repository.git(args, place.cwd)
  await git('branch', 'session/ours')
  await git('branch', 'session/gits')
  const [ours, gits] = [join(repository.parent, 'ours'), join(repository.parent, 'gits')]
  await git('worktree', 'add', '--quiet', '--lock', '--reason', reason, '--', gits, 'session/gits')
  expect(await addOurs(place, ours, 'session/ours')).toBe(0)
  expect(await describeAdmin(place, ours, 'session/ours')).toEqual(await describeAdmin(place, gits, 'session/gits'))
  expect(await readdir(join(place.commonDir, 'flightrules'))).toEqual([])
  expect(await git('fsck', '--no-progress')).toBe('')
  expect(await git('worktree', 'prune', '--verbose')).toBe('')
})

test('object names of 64 digits', async () => {
  const repository = await makeRepository({ empty: true })
  const path = join(repository.parent, 'long')
  await repository.git(['init', '-q', '--object-format=sha256', path])
  await repository.git(['commit', '-q', '--allow-empty', '-m', 'first'], path)
  await repository.git(['branch', 'a'], path)
  const place = { repository, cwd: path, commonDir: join(path, '.git') }
  await addOurs(place, join(repository.parent, 'a'), 'a')
  const log = await readFile(join(path, '.git/worktrees/a/logs/HEAD'), 'utf8')
  expect(log).toMatch(/^0{64} [0-9a-f]{64} /)
  expect(await repository.git(['status', '--porcelain'], join(repository.parent, 'a'))).toBe('')
})

test('a name that is taken is counted on, as git counts', async () => {
  const repository = await makeRepository({ files: usual })
  const place = { repository, cwd: repository.path, commonDir: join(repository.path, '.git') }
  for (const branch of ['a', 'b', 'c']) await repository.git(['branch', branch])
  await repository.git(['worktree', 'add', '-q', join(repository.parent, 'x', 'same'), 'a'])
  for (const branch of ['b', 'c']) await addOurs(place, join(repository.parent, branch, 'same'), branch)
  expect((await readdir(join(place.commonDir, 'worktrees'))).toSorted()).toEqual(['same', 'same1', 'same2'])
  expect((await repository.git(['worktree', 'list'])).split('\n')).toHaveLength(4)
})

/** Not GIT_CONFIG_PARAMETERS: it says which settings our own call of git was given. */
const tellAll = `#!/bin/sh
{ echo "$0 $*"; pwd; echo "prefix=$GIT_PREFIX exec=$GIT_EXEC_PATH"; env | grep -E '^GIT_(DIR|WORK_TREE|CONFIG_GLOBAL|CONFIG_NOSYSTEM|INDEX|COMMON)' ; echo said; } >> "$TOLD"
echo to standard output
exit 7
`

test.each([
  ['the usual folder', undefined],
  ['a folder relative to the worktree', 'my hooks'],
])('the hook in %s is called as git calls it', async (_, hooksPath) => {
  const told = { ours: '', gits: '' }
  const repository = await makeRepository({ files: usual })
  const folder = hooksPath === undefined ? '.git/hooks' : hooksPath
  if (hooksPath !== undefined) await repository.git(['config', 'core.hooksPath', hooksPath])
  await mkdir(join(repository.path, folder), { recursive: true })
  await writeFile(join(repository.path, folder, 'post-checkout'), tellAll, { mode: 0o755 })
  for (const name of ['ours', 'gits'] as const) {
    const file = join(repository.parent, `told-${name}`)
    await repository.git(['branch', name])
    const env = { ...repository.env, TOLD: file }
    const path = join(repository.parent, name)
    const place = { repository: { ...repository, env }, cwd: repository.path, commonDir: join(repository.path, '.git') }
    if (name === 'ours') expect(await addOurs(place, path, name)).toBe(7)
    else {
      const { status } = await new Git(repository.path, env).run(['worktree', 'add', '-q', path, name], { accept: [7] })
      expect(status).toBe(7)
    }
    told[name] = (await readFile(file, 'utf8')).replaceAll(path, '<path>')
  }
  expect(told.ours).toBe(told.gits)
  expect(told.ours).toContain(`${join(repository.path, folder, 'post-checkout')} ${'0'.repeat(40)} `)
})

test('a branch in use elsewhere is refused, also by a rebase', async () => {
  const repository = await makeRepository({ files: usual })
  const place = { repository, cwd: repository.path, commonDir: join(repository.path, '.git') }
  await expect(addOurs(place, join(repository.parent, 'm'), 'main')).rejects.toMatchObject({ code: 'BRANCH_IN_USE' })
  await repository.git(['worktree', 'add', '-q', '-b', 'topic', join(repository.parent, 't')])
  await repository.commit('two', { 'z.txt': 'z' }, join(repository.parent, 't'))
  await repository.git(['-c', 'sequence.editor=echo break >', 'rebase', '-q', '-i', 'HEAD~1'], join(repository.parent, 't'))
  await expect(addOurs(place, join(repository.parent, 'n'), 'topic')).rejects.toMatchObject({
    code: 'BRANCH_IN_USE',
    message: expect.stringContaining('in a rebase'),
  })
  expect(await readdir(join(place.commonDir, 'worktrees'))).toEqual(['t'])
})

test('a file that appears meanwhile is not overwritten', async () => {
  const repository = await makeRepository({ files: usual })
  const place = { repository, cwd: repository.path, commonDir: join(repository.path, '.git') }
  await repository.git(['branch', 'a'])
  await repository.write(join(repository.parent, 'w', 'a.txt'), 'mine')
  await expect(addOurs(place, join(repository.parent, 'w'), 'a')).rejects.toMatchObject({ code: 'GIT_FAILED' })
  expect(await repository.read(join(repository.parent, 'w', 'a.txt'))).toBe('mine')
})

test.each([
  ['hooks that are settings', ['hook.x.command', 'true'], true],
  ['an extension nobody has heard of yet', ['extensions.fromTheFuture', 'true'], false],
])('%s are left to git', async (_, [name = '', value = ''], works) => {
  const repository = await makeRepository({ files: usual })
  await repository.git(['branch', 'a'])
  await repository.git(['config', name, value])
  const place = { repository, cwd: repository.path, commonDir: join(repository.path, '.git') }
  const trace = join(repository.parent, 'trace')
  const env = { ...repository.env, GIT_TRACE: trace }
  const added = addOurs({ ...place, repository: { ...repository, env } }, join(repository.parent, 'a'), 'a')
  await added.catch(() => {})
  expect((await readFile(trace, 'utf8')).includes('worktree add')).toBe(works || !(await refuses(repository)))
})

/** This git itself may refuse such a repository before it comes to that. */
async function refuses(repository: TestRepository): Promise<boolean> {
  return repository.git(['status']).then(
    () => false,
    () => true,
  )
}
