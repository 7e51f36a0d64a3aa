import { expect, test } from 'vitest'
import { readSourceFiles } from '../support/source-files.ts'

const files = (await readSourceFiles('src', 'presets')).map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))

test('no file is longer than 300 lines', () => {
  expect(files.filter(({ lines }) => lines > 300)).toEqual([])
})

test('the file in the middle has at most 70 lines', () => {
  const sorted = files.map(({ lines }) => lines).toSorted((a, b) => a - b)
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(70)
})

test('file names are kebab-case and say what is in them', () => {
  const odd = files.filter(({ path }) => {
    const name = path.split('/').at(-1) ?? ''
    return !/^[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(name) || /^(?:utils?|helpers?|misc|common)\.ts$/.test(name)
  })
  expect(odd).toEqual([])
})
