import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'

test.concurrent('append-only files: git is told when a person approved them, doctor sees to it, and init --remove takes it back', async () => {
  const project = await makeProject({ config: { appendOnly: ['docs/progress.md'] }, files: { 'docs/progress.md': 'begun\n' } })
  const file = join(project.path, '.git/info/attributes')
  const said = async (): Promise<string> => readFile(file, 'utf8').catch(() => '')
  const line = '\n/docs/progress.md merge=union\n'
  const doctor = async (...flags: string[]): Promise<string | undefined> => {
    const { json } = await project.json(['doctor', ...flags])
    return (json.data as unknown as { checks: { id: string; status: string }[] }).checks.find(({ id }) => id === 'append-only')
      ?.status
  }
  expect(await doctor()).toBe('warn')
  // looking is no reason to write
  await project.status()
  expect(await said()).toBe('')
  await project.start('one')
  expect(await said()).toContain(line)
  expect(await doctor()).toBe('ok')

  await project.write('flightrules.config.json', JSON.stringify({ appendOnly: ['README.md'] }))
  await project.cli(['start', 'two', '--no-setup', '--proceed'])
  expect(await said()).toContain(line)
  const { json } = await project.json(['trust', '--show'])
  expect((await project.json(['trust', '--digest', String((json.data as unknown as { digest: string }).digest)])).status).toBe(0)
  expect(await said()).toContain('\n/README.md merge=union\n')
  expect(await said()).not.toContain(line)

  await writeFile(file, '*.png binary\n')
  await doctor('--fix')
  expect(await said()).toContain('*.png binary\n# >>> flightrules >>>\n/README.md merge=union\n')
  await project.json(['init', '--remove'])
  expect(await said()).toBe('*.png binary\n')
})
