import { expect, test } from 'vitest'
import { codexShape, takeCodex } from '../../../../src/githooks/install/import/codex.ts'
import { conductorShape, takeConductor } from '../../../../src/githooks/install/import/conductor.ts'
import { cursorShape, takeCursor } from '../../../../src/githooks/install/import/cursor.ts'
import { emdashShape, takeEmdash } from '../../../../src/githooks/install/import/emdash.ts'
import { supersetShape, takeSuperset } from '../../../../src/githooks/install/import/superset.ts'

test('cursor: the list for this kind of system goes before the general one, and the one for Windows is left', () => {
  const taken = takeCursor(
    cursorShape.parse({
      'setup-worktree': ['general'],
      'setup-worktree-unix': ['npm ci', ' ', 'cp $ROOT_WORKTREE_PATH/.env .env'],
      'setup-worktree-windows': ['npm ci'],
    }),
  )
  expect(taken).toMatchObject({ setup: ['npm ci', 'cp $ROOT_WORKTREE_PATH/.env .env'], teardown: [], ports: {} })
  expect(taken.left).toMatchObject([{ what: 'setup-worktree-windows' }])
  expect(takeCursor(cursorShape.parse({ 'setup-worktree': ['general'] })).setup).toEqual(['general'])
  expect(takeCursor(cursorShape.parse({ other: true })).setup).toEqual([])
})

test('cursor: a text is a script in .cursor, and one that leads out of it is left', () => {
  expect(takeCursor({ 'setup-worktree': "set up/it's.sh" }).setup).toEqual([`bash '.cursor/set up/it'\\''s.sh'`])
  const taken = takeCursor({ 'setup-worktree': '../../evil.sh' })
  expect(taken).toMatchObject({ setup: [], left: [{ what: 'setup-worktree: ../../evil.sh' }] })
})

test('conductor: setup and archive are taken, ten ports in a row, and run is left', () => {
  const scripts = { setup: 'npm ci\r\ncp "$CONDUCTOR_ROOT_PATH/.env" .env\r\n', run: 'npm run dev', archive: ' ' }
  const taken = takeConductor(conductorShape.parse({ scripts, runScriptMode: 'nonconcurrent' }))
  expect(taken).toMatchObject({
    setup: ['npm ci\ncp "$CONDUCTOR_ROOT_PATH/.env" .env'],
    teardown: [],
    ports: { CONDUCTOR_PORT: { count: 10 } },
    left: [{ what: 'run: npm run dev' }],
  })
})

test('codex: a script of one system stands for the general one there', () => {
  const taken = takeCodex(
    codexShape.parse({
      version: 1,
      name: 'web',
      setup: { script: 'npm install', darwin: { script: 'brew bundle\nnpm install' }, win32: { script: 'x' } },
      cleanup: { script: 'docker compose down' },
      actions: [{ name: 'Run', icon: 'run', command: 'npm run dev' }, { name: 'Empty' }],
    }),
  )
  expect(taken.setup).toEqual(['case "$(uname -s)" in\nDarwin)\nbrew bundle\nnpm install\n;;\n*)\nnpm install\n;;\nesac'])
  expect(taken.teardown).toEqual(['docker compose down'])
  expect(taken.left.map(({ what }) => what)).toEqual(['setup.win32', 'run: npm run dev'])
  expect(takeCodex({ setup: { script: '\nnpm ci\n' } }).setup).toEqual(['npm ci'])
  expect(codexShape.safeParse({ version: 2 }).success).toBe(false)
})

test('emdash: what is copied becomes envFiles, but nothing that is outside of the repository', () => {
  const taken = takeEmdash(
    emdashShape.parse({
      preservePatterns: ['.env', '.claude/**', '../secrets', '/etc/passwd'],
      shellSetup: 'nvm use',
      scripts: { setup: 'pnpm i', run: '', teardown: 'echo bye' },
    }),
  )
  expect(taken).toMatchObject({ setup: ['pnpm i'], teardown: ['echo bye'], envFiles: ['.env', '.claude/**'] })
  expect(taken.left.map(({ what }) => what)).toEqual([
    'preservePatterns: ../secrets',
    'preservePatterns: /etc/passwd',
    'shellSetup: nvm use',
  ])
})

test('superset: each command runs in the folder the file names, and in none that is outside', () => {
  const commands = { setup: ['./.superset/setup.sh', 'bun install'], teardown: ['./down.sh'], run: ['bun dev'] }
  expect(takeSuperset(supersetShape.parse(commands)).setup).toEqual(commands.setup)
  expect(takeSuperset({ ...commands, cwd: 'my app' })).toMatchObject({
    setup: ["cd 'my app' && ./.superset/setup.sh", "cd 'my app' && bun install"],
    teardown: ["cd 'my app' && ./down.sh"],
    left: [{ what: 'run: bun dev' }],
  })
  expect(takeSuperset({ ...commands, cwd: '..' })).toMatchObject({
    setup: [],
    teardown: [],
    left: [{ what: 'setup and teardown in ..' }, {}],
  })
})
