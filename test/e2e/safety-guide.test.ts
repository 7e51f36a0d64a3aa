import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { runProgram } from '../support/run-cli.ts'

const guide = join(import.meta.dirname, '../../docs/safety.md')

test('the commands of docs/safety.md bring a removed session back', async () => {
  const project = await makeProject()
  const { path } = await project.start('login')
  await project.write(join(path, 'README.md'), 'staged\n')
  await project.git(['add', 'README.md'], path)
  await project.write(join(path, 'README.md'), 'not staged\n')
  await project.write(join(path, 'new.txt'), 'untracked\n')
  await project.write(join(path, '.env'), 'IGNORED=1\n')
  const before = await project.git(['status', '--porcelain'], path)
  const { json } = await project.json(['end', 'login', '--strategy', 'abandon'])
  const { trash } = json.data as unknown as { trash: string }
  const [folder = [], commit = []] = readBlocks(await readFile(guide, 'utf8'), trash)

  await runLines(folder)
  expect(await project.git(['status', '--porcelain'], path)).toBe(before)
  expect(await project.read(join(path, '.env'))).toBe('IGNORED=1\n')
  expect((await project.status()).sessions).toMatchObject([{ id: 'login', branch: 'session/login', states: ['active'] }])

  await project.git(['worktree', 'remove', '--force', path])
  await project.git(['branch', '-D', 'session/login'])
  await runLines(commit)
  expect(await project.git(['status', '--porcelain', '--', 'README.md', 'new.txt'], path)).toBe('MM README.md\n?? new.txt')
  expect(await project.git(['show', ':README.md'], path)).toBe('staged')
  expect(await project.read(join(path, 'README.md'))).toBe('not staged\n')

  async function runLines(lines: readonly string[]): Promise<void> {
    const { status, stderr } = await runProgram('sh', ['-ec', lines.join('\n')], { cwd: project.path, env: project.env })
    expect({ status, stderr }).toMatchObject({ status: 0 })
  }

  /** The two blocks that restore, with this run's names in place of the example's. */
  function readBlocks(text: string, name: string): string[][] {
    const chapter = text.slice(text.indexOf('## Getting it back'), text.indexOf('## Emptying'))
    const time = name.replace(/^login-/, '')
    const blocks = [...chapter.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) =>
      block.replaceAll('20250117t103000000z', time).replaceAll('../shop-sessions', `${project.path}-sessions`).split('\n'),
    )
    return blocks.filter((block) => block.join().includes('session/login'))
  }
})
