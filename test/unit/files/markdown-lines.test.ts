import { expect, it } from 'vitest'
import { readMarkdown } from '../../../src/files/markdown-lines.ts'

const headings = (text: string): [number, string, string][] =>
  readMarkdown(text).lines.flatMap(({ heading }) =>
    heading === undefined ? [] : [[heading.level, heading.title, text.slice(heading.from).split('\n')[0] ?? '']],
  )

it.each<[string, [number, string, string][]]>([
  [
    '# One\n   ## Two ##\n#not\n    # code\n####### seven\n',
    [
      [1, 'One', '# One'],
      [2, 'Two', '   ## Two ##'],
    ],
  ],
  ['\uFEFF## First\r\n', [[2, 'First', '## First\r']]],
  [
    'Title\n===\n\nover\ntwo lines\n---\n',
    [
      [1, 'Title', 'Title'],
      [2, 'two lines', 'over'],
    ],
  ],
  ['- item\n---\n\n> said\n---\n\n***\n---\n\n---\n', []],
  ['```sh\n# code\n``` no end\n# code\n```\n# Out\n', [[1, 'Out', '# Out']]],
  ['~~~\n```\n# code\n~~~~\n# Out\n', [[1, 'Out', '# Out']]],
  ['```in a line``` of text\n# Out\n', [[1, 'Out', '# Out']]],
  [
    '#\n##\n',
    [
      [1, '', '#'],
      [2, '', '##'],
    ],
  ],
  ['', []],
])('the headings of %j', (text, found) => {
  expect(headings(text)).toEqual(found)
})

it('lines follow each other without a gap, whatever they end with', () => {
  const text = '\uFEFFa\r\nb\rc\n\n  \nlast'
  const { lines } = readMarkdown(text)
  expect(lines.map(({ from, end }) => text.slice(from, end))).toEqual(['a\r\n', 'b\r', 'c\n', '\n', '  \n', 'last'])
  expect(lines.map(({ kind }) => kind)).toEqual(['text', 'text', 'text', 'blank', 'blank', 'text'])
})

it('a fence nobody closed is told of, with its indentation', () => {
  expect(readMarkdown('a\n  ~~~~ sh\nx\n').openFence).toBe('  ~~~~')
  expect(readMarkdown('```\nx\n```').openFence).toBeUndefined()
})
