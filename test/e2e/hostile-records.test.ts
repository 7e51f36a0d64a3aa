import { cp, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readOwnIdentity } from '../../src/operations/process-identity.ts'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { makeRepository } from '../support/repository.ts'
import { runGit } from '../support/run-git.ts'

const manifestOf = (project: TestProject): string => project.session('.manifest.json')

interface Stored {
  sessions: Record<string, unknown>[]
}

async function editManifest(project: TestProject, edit: (manifest: Stored) => void): Promise<void> {
  const manifest = JSON.parse(await readFile(manifestOf(project), 'utf8')) as Stored
  edit(manifest)
  await writeFile(manifestOf(project), JSON.stringify(manifest))
}

/** Every name in a folder with the bytes of its files, our own bookkeeping and git's logs of looking aside. */
async function fingerprint(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const content = entry.isFile() ? (await readFile(path)).toString('base64').slice(0, 200) : ''
    return /\.git\/(flightrules|index|info|objects|refs\/flightrules|worktrees\/[^/]+\/flightrules)/.test(path)
      ? ''
      : `${path} ${content}`
  })
  return (await Promise.all(lines)).filter((line) => line !== '').toSorted()
}

/** Commands that remove something, or might. */
const removing = (id: string): string[][] => [
  ['status'],
  ['end', id, '--strategy', 'abandon'],
  ['end', id, '--strategy', 'keep'],
  ['end', id],
  ['cleanup', '--yes'],
  ['cleanup', '--dry-run'],
]

describe.concurrent('a manifest that names somebody else’s folder as a session', () => {
  test('never gets it deleted or moved: by what was forged there is no session', async () => {
    const project = await makeProject()
    const other = await makeRepository({ name: 'other' })
    await project.start('a')
    await project.start('b')
    await writeFile(join(project.path, 'uncommitted.txt'), 'mine')
    const outside = join(project.parent, 'outside')
    await mkdir(outside)
    await writeFile(join(outside, 'precious.txt'), 'precious')
    await symlink(outside, join(project.parent, 'link'))
    const home = project.env['HOME'] ?? ''
    await writeFile(join(home, 'precious.txt'), 'precious')
    const paths = [
      '/',
      homedir(),
      home,
      '..',
      '.',
      '../..',
      project.path,
      project.parent,
      other.path,
      '../link',
      '../outside',
      '.git',
      '',
      '~',
    ]
    const watched = [project.path, home, other.path, outside, project.session('a')]
    const before = await Promise.all(watched.map(fingerprint))
    const forge = (): Promise<void> =>
      editManifest(project, (manifest) => {
        const [first = {}] = manifest.sessions
        manifest.sessions = manifest.sessions.filter(({ id }) => !String(id).startsWith('ghost'))
        for (const [index, worktree] of paths.entries())
          manifest.sessions.push({ ...first, id: `ghost-${index}`, worktree, branch: 'main', status: 'ending', ownsBranch: true })
        // a session that is there, said to be elsewhere
        for (const entry of manifest.sessions) if (entry['id'] === 'b') entry['worktree'] = project.parent
      })
    const commands = [
      ...paths.map((_path, index) => ['end', `ghost-${index}`, '--strategy', 'abandon']),
      ...removing('ghost-0'),
      ['end', '/', '--strategy', 'abandon'],
      ['hook', 'post-merge', '0'],
    ]
    for (const args of commands) {
      await forge()
      await project.cli([...args, '--json'])
    }
    expect(await Promise.all(watched.map(fingerprint))).toEqual(before)
    expect(await project.git(['rev-parse', '--verify', 'refs/heads/main'])).toMatch(/^[0-9a-f]{40}/)
    await project.git(['fsck', '--strict'])
    // the truth is git's: b is where it always was
    expect((await project.status()).sessions.find(({ id }) => id === 'b')).toMatchObject({ path: project.session('b') })
    await forge()
    expect((await project.json(['end', 'b', '--strategy', 'abandon'])).json.data).toMatchObject({ worktreeRemoved: true })
    expect(await readdir(project.parent)).toEqual(expect.arrayContaining(['home', 'link', 'outside', 'project']))
    expect(await readFile(join(project.path, 'uncommitted.txt'), 'utf8')).toBe('mine')
  })
})

describe.concurrent('a record that was tampered with', () => {
  const forgeries: readonly (readonly [what: string, change: Record<string, unknown>])[] = [
    ['an id that leaves the trash', { id: '../../../outside' }],
    ['an absolute id', { id: '/tmp/outside' }],
    ['an id that is a flag', { id: '--force' }],
    ['no id', { id: '' }],
    ['an id with a line end', { id: 'a\nb' }],
    ['a log outside', { sessionLog: '../../outside/log.md' }],
    ['a log in .git', { sessionLog: '.git/config' }],
    ['an env file outside', { envFiles: [{ path: '../../../etc/passwd', sha256: '' }] }],
    ['a base commit that is an option', { baseCommit: '--output=canary' }],
    ['a uuid that is a path', { uuid: '../../../canary' }],
    ['another shape', { goals: 'x' }],
    ['a newer version', { version: 2 }],
  ]

  test.each(forgeries)('%s: is said, nothing is touched, the worktree stays', async (_what, change) => {
    const project = await makeProject()
    const { path } = await project.start('a')
    await project.commit('work', { 'w.txt': 'w' }, path)
    const record = join(project.path, '.git/worktrees/a/flightrules.json')
    await writeFile(record, JSON.stringify({ ...(JSON.parse(await readFile(record, 'utf8')) as object), ...change }))
    const forged = await readFile(record, 'utf8')
    const before = await fingerprint(project.parent)
    const { status, json } = await project.json(['status'])
    expect(status).toBe(0)
    expect(json.findings.map(({ code }) => code)).toContain('RECORD_UNREADABLE')
    const ids = ['a', ...(typeof change['id'] === 'string' ? [change['id']] : [])]
    for (const id of ids) {
      for (const strategy of ['abandon', 'merge', 'keep']) {
        const ended = await project.cli(['end', `--strategy=${strategy}`, '--json', '--', id])
        expect({ strategy, id, failed: ended.status > 0 }).toEqual({ strategy, id, failed: true })
      }
    }
    await project.git(['merge', '-q', '--no-edit', 'session/a'])
    expect(await readFile(join(path, 'w.txt'), 'utf8')).toBe('w')
    expect(await readFile(record, 'utf8')).toBe(forged)
    const names = (lines: string[]): string[] =>
      lines.map((line) => line.split(' ')[0] ?? '').filter((name) => !name.includes('/.git/'))
    const merged = ['docs', 'w.txt'].map((name) => join(project.path, name))
    const made = names(await fingerprint(project.parent)).filter((name) => !names(before).includes(name))
    expect(made.filter((name) => !merged.some((one) => name.startsWith(one)))).toEqual([])
  })

  test.each(['', '{', '\0\0', '[]', 'null', '{"__proto__":{}}', '"a"', '    '])(
    'garbage (%j) or nothing at all: never deleted, and it can be registered anew',
    async (content) => {
      const project = await makeProject()
      const { path } = await project.start('a')
      await writeFile(join(path, 'uncommitted.txt'), 'mine')
      const record = join(project.path, '.git/worktrees/a/flightrules.json')
      await writeFile(record, content)
      const { json } = await project.json(['status'])
      expect(json.findings.map(({ code }) => code)).toContain('RECORD_UNREADABLE')
      for (const args of removing('a')) await project.cli([...args, '--json'])
      await project.git(['merge', '-q', '--no-edit', 'session/a'])
      expect(await readFile(join(path, 'uncommitted.txt'), 'utf8')).toBe('mine')
      expect(await project.git(['worktree', 'list', '--porcelain'])).toContain(path)
      await rm(record)
      expect((await project.status()).sessions).toMatchObject([{ id: 'a', path, states: ['active'] }])
      expect(await readFile(join(path, 'uncommitted.txt'), 'utf8')).toBe('mine')
    },
  )

  test('a record that is a folder is not taken for a worktree that is gone', async () => {
    const project = await makeProject()
    const { path } = await project.start('a')
    const record = join(project.path, '.git/worktrees/a/flightrules.json')
    await rm(record)
    await mkdir(record)
    expect((await project.json(['status'])).json.findings.map(({ code }) => code)).toContain('RECORD_UNREADABLE')
    const { status, json } = await project.json(['end', 'a', '--strategy', 'abandon'])
    expect({ status, code: json.error.code }).toEqual({ status: 3, code: 'RECORD_UNREADABLE' })
    expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('# project\n')
  })
})

describe.concurrent('a session’s folder that is not what git knows', () => {
  const replacements: readonly (readonly [what: string, (project: TestProject, path: string) => Promise<void>])[] = [
    [
      'a symlink to the main worktree',
      async (project, path) => {
        await rename(path, `${path}-away`)
        await symlink(project.path, path)
      },
    ],
    [
      'a symlink to the moved folder',
      async (_project, path) => {
        await rename(path, `${path}-away`)
        await symlink(`${path}-away`, path)
      },
    ],
    [
      'a clone of the repository',
      async (project, path) => {
        await rename(path, `${path}-away`)
        await project.git(['clone', '-q', project.path, path])
      },
    ],
    [
      'another repository',
      async (_project, path) => {
        await rename(path, `${path}-away`)
        const other = await makeRepository({ name: 'other' })
        await rename(other.path, path)
      },
    ],
    [
      'a folder without git',
      async (_project, path) => {
        await rename(path, `${path}-away`)
        await mkdir(path)
        await writeFile(join(path, 'precious.txt'), 'precious')
      },
    ],
    [
      'a copy whose .git leads to another session',
      async (project, path) => {
        await project.start('b')
        await rename(path, `${path}-away`)
        await cp(project.session('b'), path, { recursive: true })
      },
    ],
  ]

  test.each(replacements)('but %s: is neither deleted nor moved', async (_what, replace) => {
    const project = await makeProject()
    const { path } = await project.start('a')
    await writeFile(join(path, 'mine.txt'), 'mine')
    await replace(project, path)
    const names = async (): Promise<string[]> => [
      ...(await readdir(path)),
      ...(await readdir(`${path}-away`)),
      ...(await readdir(project.path)),
    ]
    const before = await names()
    for (const args of removing('a')) await project.cli([...args, '--json'])
    await runGit(project, ['merge', '--no-edit', 'session/a'])
    expect(await names()).toEqual(before)
    expect(await readFile(join(`${path}-away`, 'mine.txt'), 'utf8')).toBe('mine')
    expect(await project.git(['rev-parse', '--verify', 'refs/heads/session/a'])).toMatch(/^[0-9a-f]{40}/)
  })
})

describe.concurrent('what lies in our own folders but is not ours', () => {
  const op = '11111111-2222-4333-8444-555555555555'
  const entry = { version: 1, op, kind: 'remove', at: '2020-01-01T00:00:00.000Z', steps: [], facts: {} }
  const journals: readonly (readonly [what: string, content: Record<string, unknown>])[] = [
    ['no owner', { owner: {} }],
    ['an unknown operation', { kind: 'rm', facts: { from: '/' } }],
    [
      'a removal of everything',
      { steps: [{ kind: 'move-to-trash', from: '/', path: '/', undo: 'x' }], facts: { from: '/', worktree: '/', gitDir: '/' } },
    ],
  ]

  test.each(journals)('a journal with %s is set aside, named, and never executed', async (_what, change) => {
    const project = await makeProject()
    const { path } = await project.start('a')
    await writeFile(join(path, 'mine.txt'), 'mine')
    const folder = join(project.path, '.git/flightrules/journal')
    await mkdir(folder, { recursive: true })
    // its process is surely gone: the number is ours, the start another
    const owner = { ...(await readOwnIdentity()), startTime: '1' }
    await writeFile(join(folder, `${op}.json`), JSON.stringify({ ...entry, owner, ...change }))
    const { status, json } = await project.json(['status'])
    expect(status).toBe(0)
    expect(json.findings.map(({ code }) => code)).toEqual(['JOURNAL_QUARANTINED'])
    expect(await readdir(join(folder, 'quarantine'))).toHaveLength(1)
    expect((await project.json(['status'])).json.findings).toEqual([])
    expect(await readFile(join(path, 'mine.txt'), 'utf8')).toBe('mine')
  })

  test('a forged entry of the trash gets nothing deleted', async () => {
    const project = await makeProject({ config: { trash: { days: 1 } } })
    const victims = ['victims/.trash/gone', 'project-sessions/.trash/gone', 'project', 'home']
    for (const victim of victims) {
      await mkdir(join(project.parent, victim, 'node_modules'), { recursive: true })
      await writeFile(join(project.parent, victim, 'node_modules/precious.txt'), 'precious')
    }
    await project.start('a')
    await project.start('b')
    const trash = join(project.path, '.git/flightrules/trash')
    await mkdir(trash, { recursive: true })
    for (const [index, victim] of victims.entries()) {
      for (const gitDir of [
        join(project.path, '.git/worktrees/b'),
        join(project.path, '.git/worktrees/none'),
        join(project.path, '.git'),
      ]) {
        const item = {
          version: 1,
          id: 'x',
          at: '2020-01-01T00:00:00.000Z',
          reason: 'abandoned',
          branch: null,
          head: null,
          ref: 'refs/x',
          from: '/',
        }
        const name = victim.endsWith('gone') ? 'gone' : `item-${index}`
        await writeFile(
          join(trash, `${name}.json`),
          JSON.stringify({ ...item, trash: name, path: join(project.parent, victim), gitDir }),
        )
        await project.cli(['trash', '--purge', name, '--json'])
        // what removes sessions looks after the trash as well
        expect((await project.json(['start', 'c', '--no-setup'])).status).toBe(0)
        expect((await project.json(['end', 'c', '--strategy', 'abandon'])).status).toBe(0)
      }
    }
    for (const victim of victims)
      expect(await readFile(join(project.parent, victim, 'node_modules/precious.txt'), 'utf8')).toBe('precious')
    expect((await project.status()).sessions.map(({ id }) => id)).toEqual(['a', 'b'])
  })
})
