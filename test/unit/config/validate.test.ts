import { expect, test } from 'vitest'
import { toPlainValue } from '../../../src/config/plain-value.ts'
import type { Problem } from '../../../src/config/problem.ts'
import { validateConfig } from '../../../src/config/validate.ts'

function problemsOf(config: unknown): readonly Problem[] {
  const validation = validateConfig(toPlainValue(config))
  return validation.ok ? [] : validation.problems
}

test('a config that uses every key is right', () => {
  expect(
    problemsOf({
      $schema: './schema.json',
      extends: ['pnpm', { name: 'ours', ports: { WEB: 1 } }],
      sessionsDir: '.sessions',
      branchPrefix: '',
      base: 'develop',
      mode: 'parallel',
      envFiles: [],
      dependencies: { paths: ['vendor'], strategy: 'symlink' },
      ports: { PORT: 3000, API: { from: 4000, to: 4000 } },
      env: { A: '{PORT}' },
      envOut: 'a/b.env',
      postCreateHook: 'make',
      preRemoveHook: ['a', 'b'],
      sessionLog: false,
      end: {
        strategy: 'keep',
        merge: 'squash',
        sync: 'rebase',
        deleteBranch: 'never',
        pr: { draft: true, labels: ['x'], reviewers: [] },
      },
      stale: { days: 0, behind: 0 },
      hooks: {
        postCheckout: { register: false, setup: false },
        prePush: { registered: 'ignore', cleanTree: false, untracked: 'warn', conflicts: 'refuse' },
        postMerge: { cleanup: false },
      },
      trash: { days: 0 },
      appendOnly: ['docs/progress.md', '**/CHANGES.md', 'notes/', 'a b/[x] ".md'],
      forges: { 'git.example.com': 'gitlab', localhost: 'github' },
    }),
  ).toEqual([])
})

test('every problem is reported at once', () => {
  const paths = problemsOf({
    sesionsDir: 'x',
    envFiles: ['../a', '/b'],
    ports: { PORT: 70_000, 'a-b': 1, R: { from: 5, to: 2 } },
    env: { B: 3, PORT: 'x' },
    end: { strategy: 'mrge', pr: { draft: 'yes' } },
    mode: () => 1,
    base: new Map(),
    trash: { days: -1 },
    forges: { 'https://git.example.com': 'github', 'git.example.com': 'gitea', '-x': 'github', 'Git.Example.com': 'github' },
    appendOnly: ['!a', '{a,b}', 'a\\b', '../x', '/x', ''],
    stale: { days: 1.5 },
    postCreateHook: 5,
    sessionLog: true,
  }).map((problem) => problem.path)
  expect(paths.sort()).toEqual(
    [
      'sesionsDir',
      ...[0, 1, 2, 3, 4, 5].map((index) => `appendOnly[${index}]`),
      'envFiles[0]',
      'envFiles[1]',
      'ports.PORT',
      'ports.a-b',
      'ports.R',
      'env.B',
      'env.PORT',
      'end.strategy',
      'end.pr.draft',
      'mode',
      'base',
      'trash.days',
      'forges.https://git.example.com',
      'forges.git.example.com',
      'forges.-x',
      'forges.Git.Example.com',
      'stale.days',
      'postCreateHook',
      'sessionLog',
    ].sort(),
  )
})

test.each([
  [{ sesionsDir: 'x' }, 'sesionsDir', 'sessionsDir'],
  [{ end: { pr: { label: [] } } }, 'end.pr.label', 'end.pr.labels'],
  [{ deleteBranch: 'never' }, 'deleteBranch', 'end.deleteBranch'],
  [{ extends: ['pnmp'] }, 'extends[0]', 'pnpm'],
  [{ extends: [{ name: 'x', prots: {} }] }, 'extends[0].prots', 'extends[0].ports'],
  [{ mode: 'paralel' }, 'mode', 'parallel'],
  [{ hooks: { prePush: { cleanTree: 'session' } } }, 'hooks.prePush.cleanTree', 'sessions'],
  [{ ports: { PORT: { form: 1, to: 2 } } }, 'ports.PORT.form', 'ports.PORT.from'],
  [{ sessionLog: { directory: 'x', dri: 'y' } }, 'sessionLog.dri', 'sessionLog.dir'],
])('the nearest valid key or value is named (%#)', (config, path, suggestion) => {
  expect(problemsOf(config).find((problem) => problem.path === path)?.suggestion).toBe(suggestion)
})

test('what is allowed is said in words', () => {
  const [problem] = problemsOf({ end: { merge: 'fast' } })
  expect(problem?.message).toBe('is "fast"; allowed: "merge", "squash", "rebase", "ff-only"')
  expect(problemsOf({ ports: { A: { from: 1 } } })).toEqual([{ path: 'ports.A.to', message: 'is missing; a number is expected' }])
  expect(problemsOf({ ports: { A: 'x' } })).toEqual([{ path: 'ports.A', message: 'is "x"; a number or an object is expected' }])
  expect(problemsOf({ ports: { A: 0 } })).toEqual([{ path: 'ports.A', message: 'is 0; at least 1 is allowed' }])
})

test('a function is allowed as a hook and nowhere else, not in a preset either', () => {
  const validation = validateConfig(toPlainValue({ postCreateHook: async () => {} }))
  expect(validation).toMatchObject({ ok: true, functions: ['postCreateHook'] })
  expect(problemsOf({ extends: [{ name: 'x', postCreateHook: () => {} }] }).map((problem) => problem.path)).toEqual([
    'extends[0].postCreateHook',
  ])
  expect(problemsOf({ envFiles: () => [] }).map((problem) => problem.path)).toEqual(['envFiles'])
})

test('data cannot pretend to be a function', () => {
  expect(problemsOf({ postCreateHook: { function: true } })).toHaveLength(1)
})

test('names that differ in case only, or stand for two things', () => {
  expect(problemsOf({ env: { Web: 'a', WEB: 'b' } }).map((problem) => problem.path)).toEqual(['env.WEB'])
  expect(problemsOf({ ports: { WEB: 1 }, env: { WEB: 'b' } }).map((problem) => problem.path)).toEqual(['env.WEB'])
})
