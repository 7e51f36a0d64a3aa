import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot } from '../support/source-files.ts'

/** Situations that are told about and not tested, each with its reason in the document. */
const untested = [64]

const text = await readFile(join(packageRoot, 'docs/scenarios.md'), 'utf8')
const rows = [...text.matchAll(/^\| (\d+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, number, , shown = '']) => ({
  number: Number(number),
  shown,
}))

test('every situation has its line, once', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 105 }, (_, index) => index + 1))
})

test('every line names a test that is there', async () => {
  const wrong: string[] = []
  for (const { number, shown } of rows) {
    if (untested.includes(number)) continue
    const cited = [...shown.matchAll(/`([\w/-]+)` › ([^;`]+?)(?=;|$|\. )/g)]
    if (cited.length === 0) wrong.push(`${number}: names no test`)
    for (const [, path = '', title = ''] of cited) {
      const content = (await readTest(path)) ?? ''
      if (!content.includes(title.trim())) wrong.push(`${number}: ${path} › ${title.trim()}`)
    }
  }
  expect(wrong).toEqual([])
})

async function readTest(path: string): Promise<string | undefined> {
  for (const ending of ['.test.ts', '.ts']) {
    const content = await readFile(join(packageRoot, 'test', `${path}${ending}`), 'utf8').catch(() => undefined)
    if (content !== undefined) return content
  }
  return undefined
}
