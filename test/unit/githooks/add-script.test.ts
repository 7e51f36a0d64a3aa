import { expect, test } from 'vitest'
import { addScript, removeScript } from '../../../src/githooks/install/add-script.ts'

test.each([
  ['two spaces', '{\n  "scripts": {\n    "a": "b"\n  }\n}\n', '{\n  "scripts": {\n    "p": "x",\n    "a": "b"\n  }\n}\n'],
  [
    'tabs and CRLF, no last line end',
    '{\r\n\t"scripts": {\r\n\t\t"a": "b"\r\n\t}\r\n}',
    '{\r\n\t"scripts": {\r\n\t\t"p": "x",\r\n\t\t"a": "b"\r\n\t}\r\n}',
  ],
  ['one line', '{"scripts":{"a":"b"}}', '{"scripts":{"p": "x","a":"b"}}'],
  ['empty scripts', '{ "scripts": {} }', '{ "scripts": { "p": "x" } }'],
  [
    'no scripts',
    '{\n  "name": "n",\n  "list": ["}", {"scripts": {}}]\n}\n',
    '{\n  "name": "n",\n  "list": ["}", {"scripts": {}}],\n  "scripts": {\n    "p": "x"\n  }\n}\n',
  ],
  ['an empty object', '{}\n', '{\n  "scripts": {\n    "p": "x"\n  }\n}\n'],
  [
    'a nested scripts and braces in strings before it',
    '{"a": {"scripts": 1, "q": "\\"{"}, "n": null, "m": -1.5e3, "scripts": {"a": "b"}}',
    '{"a": {"scripts": 1, "q": "\\"{"}, "n": null, "m": -1.5e3, "scripts": {"p": "x","a": "b"}}',
  ],
])('a script is added to a package.json with %s', (_, before, after) => {
  expect(addScript(before, 'p', 'x')).toBe(after)
  expect(JSON.parse(after)).toEqual({ ...JSON.parse(before), scripts: { ...JSON.parse(before).scripts, p: 'x' } })
  expect(JSON.parse(removeScript(after, 'p', 'x') ?? '')).toEqual({ scripts: {}, ...JSON.parse(before) })
})

test.each([['{ "scripts": { "p": "y" } }'], ['{ "scripts": [] }'], ['[]'], ['']])('%s is not edited', (text) => {
  expect(addScript(text, 'p', 'x')).toBeUndefined()
})

test('only the very script is removed', () => {
  expect(removeScript('{"scripts":{"p":"x && y"}}', 'p', 'x')).toBeUndefined()
  expect(removeScript('{"scripts":{"a":"b", "p": "x"}}', 'p', 'x')).toBe('{"scripts":{"a":"b"}}')
})
