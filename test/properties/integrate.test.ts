import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseMergeOutcomes } from '../../src/git/merge-tree.ts'
import { parseRefs } from '../../src/git/refs.ts'
import { decodeText, parseCommits } from '../../src/git/log.ts'
import { redactUrlCredentials } from '../../src/git/git-error.ts'
import { breakClosingKeywords, cutBytes, stripInvisible } from '../../src/integrate/inert-text.ts'
import { parseRemoteUrl } from '../../src/integrate/remote-url.ts'
import { writeRequestText } from '../../src/integrate/request-text.ts'
import { findOverlap } from '../../src/integrate/room-to-land.ts'

const oid = fc.stringMatching(/^[0-9a-f]{40}$/)
const path = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !text.includes('\0'))
const word = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,10}$/)
const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '@team',
        'Fixes #1',
        'closes:\n#2',
        '```',
        '`',
        '<!--',
        '\u202e',
        '\u200b',
        'Closes GH-3',
        '\r\n',
        'résolves #4',
        '\ud800',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

it('any merge is read back as git wrote it', () => {
  const words = { contents: 'add/add', 'modify/delete': 'modify/delete', binary: 'binary', 'something new': 'other' } as const
  const conflict = fc.record({ path, word: fc.constantFrom(...(Object.keys(words) as (keyof typeof words)[])) })
  const merge = fc.record({ tree: oid, conflicts: fc.uniqueArray(conflict, { selector: (entry) => entry.path, maxLength: 4 }) })
  fc.assert(
    fc.property(fc.array(merge, { maxLength: 5 }), (merges) => {
      const output = merges.map(({ tree, conflicts }) => {
        const entries = conflicts.flatMap((entry) => [2, 3].map((stage) => `100644 ${tree} ${stage}\t${entry.path}\0`)).join('')
        const messages = conflicts
          .flatMap((entry) => ['1', entry.path, 'Auto-merging', 'text\n', '1', entry.path, `CONFLICT (${entry.word})`, 'text\n'])
          .map((field) => `${field}\0`)
          .join('')
        return `${conflicts.length === 0 ? 1 : 0}\0${tree}\0${entries}\0${messages}\0`
      })
      const expected = merges.map(({ tree, conflicts }) => ({
        clean: conflicts.length === 0,
        tree,
        conflicts: conflicts
          .map((entry) => ({ path: entry.path, kind: words[entry.word] }))
          .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      }))
      expect(parseMergeOutcomes(output.join(''))).toEqual(expected)
    }),
  )
})

it('any refs are read back, whatever the worktrees are called', () => {
  const ref = fc.record({
    ref: word.map((name) => `refs/heads/${name}`),
    oid,
    upstream: fc.option(word),
    worktree: fc.option(path),
  })
  fc.assert(
    fc.property(fc.array(ref), (refs) => {
      const output = refs
        .map((entry) => `${entry.ref}\0${entry.oid}\0${entry.upstream ?? ''}\0${entry.worktree ?? ''}\0\n`)
        .join('')
      expect(parseRefs(output)).toEqual(refs)
    }),
  )
})

it('any commits are read back', () => {
  const text = fc.string().filter((value) => !value.includes('\0'))
  const commit = fc.record({
    oid,
    tree: oid,
    parents: fc.array(oid, { maxLength: 3 }),
    author: fc.record({ name: text, email: text }),
    authorDate: text,
    message: text,
  })
  fc.assert(
    fc.property(fc.array(commit), (commits) => {
      const fields = commits.flatMap((entry) => [
        entry.oid,
        entry.tree,
        entry.parents.join(' '),
        entry.author.name,
        entry.author.email,
        entry.authorDate,
        entry.message,
      ])
      expect(parseCommits(fields.map((field) => `${field}\0`).join(''))).toEqual(commits)
    }),
  )
})

it('every way to write a remote leads to the same page, without user and token', () => {
  const host = fc
    .tuple(fc.stringMatching(/^[a-z][a-z0-9-]{1,8}[a-z]$/), fc.constantFrom('com', 'org', 'example'))
    .map((parts) => parts.join('.'))
  fc.assert(
    fc.property(
      host,
      fc.array(word, { minLength: 1, maxLength: 3 }),
      word,
      fc.stringMatching(/^[A-Za-z0-9]{12,20}$/),
      (name, owner, repo, token) => {
        const rest = `${owner.join('/')}/${repo}`
        const page = `https://${name}/${rest}`
        for (const url of [
          `https://u:${token}@${name}/${rest}.git`,
          `ssh://git@${name}:22/${rest}`,
          `git@${name}:${rest}.git`,
          `${token}@${name}:/${rest}/`,
        ]) {
          expect(parseRemoteUrl(url)?.webUrl).toBe(page)
        }
      },
    ),
  )
})

it('no text at all breaks the reading of a remote, nothing invisible gets through', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parsed = parseRemoteUrl(text)
      // eslint-disable-next-line no-control-regex
      if (parsed !== null) expect(parsed.webUrl).toMatch(/^https?:\/\/[^\s@\u0000-\u001f]+\/.+\/.+$/)
    }),
  )
})

it('no text makes a request call anybody, close anything of its own, hide anything or grow too large', () => {
  fc.assert(
    fc.property(
      nasty,
      fc.array(nasty, { maxLength: 4 }),
      fc.option(nasty),
      fc.option(fc.nat({ max: 9999 })),
      (title, goals, log, issue) => {
        const text = writeRequestText({ title, branch: 'session/x', goals, subjects: goals, log, issue })
        expect(text.title).not.toMatch(/\n|(?<!\w)@[\w-]/)
        expect(text.title).not.toBe('')
        const whole = `${text.title}\n${text.body}`
        expect(stripInvisible(whole)).toBe(whole)
        const own = issue === null ? whole : whole.replace(new RegExp(`\\nCloses #${issue}\\n$`), '\n')
        expect(breakClosingKeywords(own)).toBe(own)
        const outsideCode = text.body.replace(/^(`{3,})text\n[^]*?\n\1$/gm, '').replace(/(?<!\\)`@[^`\n]*`/g, '')
        expect(outsideCode).not.toMatch(/(?<!\w)@[\w-]/)
      },
    ),
  )
})

it('no Markdown that is given calls anybody, closes anything of its own, fetches, hides or commands', () => {
  const piece = fc.constantFrom(
    '@team',
    'Fixes #1',
    '`',
    '``',
    '```',
    '~~~',
    '\n',
    '\n\n',
    '> ',
    '- ',
    '  ',
    '|',
    '\\',
    '<br>',
    '<!--',
    '![x](y)',
    '&#64;x',
    '<details>',
    '/close',
    '\u200b',
    'text ',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 }), (parts) => {
      const body = writeRequestText({ branch: 'b', goals: [], subjects: [], log: null, issue: null, body: parts.join('') }).body
      expect(stripInvisible(body)).toBe(body)
      expect(breakClosingKeywords(body)).toBe(body)
      expect(body).not.toMatch(/^\/[a-z]/im)
      // fences at the left edge are code to every forge, and a span that is whole on its line
      const text = body
        .replace(/^(`{3,})[^`\n]*\n(?:[^]*?\n)? {0,3}\1`*[ \t]*$/gm, '')
        .replace(/^(~{3,}).*\n(?:[^]*?\n)? {0,3}\1~*[ \t]*$/gm, '')
      // in code a blank before it is enough, and does not change what is read there
      expect(text).not.toMatch(/^\s*\/[a-z]/im)
      expect(text.replace(/`[^`\n]*`/g, '')).not.toMatch(/(?<![A-Za-z0-9])@[\w-]|!\[|<!|<img/)
    }),
    { numRuns: 500 },
  )
})

it('no user, password or token of a URL gets through', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9._~!$&()*+,;=:@%-]{8,30}$/)
  fc.assert(
    fc.property(secret, fc.constantFrom('https', 'http', 'ssh', 'git'), fc.string({ maxLength: 5 }), (token, scheme, around) => {
      for (const url of [`${scheme}://${token}@host.example/a/b.git`, `${scheme}://user:${token}@host.example:443/a/b`]) {
        expect(redactUrlCredentials(`${around} ${url} ${around}`)).toBe(`${around} ${url.replace(/\/\/.*@/, '//')} ${around}`)
      }
    }),
  )
})

it('a long log is cut to what a forge takes', () => {
  fc.assert(
    fc.property(fc.constantFrom('x', '文', '`', 'Fixes #1 ', '@a\n'), fc.integer({ min: 1, max: 200_000 }), (unit, times) => {
      const { body } = writeRequestText({ branch: 'b', goals: ['goal'], subjects: [], log: unit.repeat(times), issue: 1 })
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000)
      expect(body.endsWith('\n\nCloses #1\n')).toBe(true)
    }),
    { numRuns: 20 },
  )
})

it('cutting never makes half a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 50 }), (text, limit) => {
      const cut = cutBytes(text, limit)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit)
      expect(text.startsWith(cut)).toBe(true)
    }),
  )
})

it('a dirty path is in the way exactly when it is, holds or is held by an incoming one', () => {
  const file = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  fc.assert(
    fc.property(fc.array(file), fc.array(file), (dirty, incoming) => {
      const expected = dirty.filter((one) =>
        incoming.some((two) => one === two || one.startsWith(`${two}/`) || two.startsWith(`${one}/`)),
      )
      expect(findOverlap(dirty, incoming)).toEqual(expected)
    }),
  )
})

it('bytes of a commit that are UTF-8 are what they say', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeText(Buffer.from(text))).toBe(text)
    }),
  )
})

it('bytes of a commit that are not UTF-8 are Latin-1 one by one, and what is UTF-8 between them stays', () => {
  const parts = fc.array(fc.constantFrom('é', '漢', '😀', 'x', '\uffff'))
  fc.assert(
    fc.property(parts, (some) => {
      const bytes = Buffer.concat(some.flatMap((part) => [Buffer.from(part), Buffer.from([0xe9, 0x20])]))
      expect(decodeText(bytes)).toBe(some.map((part) => `${part}é `).join(''))
    }),
  )
})
