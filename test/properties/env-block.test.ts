import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeBlock, removeBlock } from '../../src/files/marked-block.ts'
import { envLines, quoteEnvValue } from '../../src/setup/env-lines.ts'
import { parseDotenv } from '../../src/setup/parse-dotenv.ts'

const awkward = fc.string({ unit: fc.constantFrom(...`ab1 '"\`\\$\n\r\t#=:!{}();&|<>*?~%ü`), maxLength: 12 })
const value = fc.oneof(awkward, fc.string({ unit: 'binary' }), fc.webUrl())
const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/)
const values = fc
  .uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 6 })
  .map((pairs) => Object.fromEntries(pairs))
const file = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc
    .string({ unit: fc.constantFrom('a', '\n', '\r\n', '# >>> flightrules >>>', '# <<< flightrules <<<'), maxLength: 8 })
    .map((text) => Buffer.from(text)),
)
const whole = file.filter((bytes) => !bytes.includes('flightrules <<<'))

test('a block that is placed and taken out again leaves every byte', () => {
  fc.assert(fc.property(whole, values, (bytes, block) => removeBlock(placeBlock(bytes, envLines(block).lines)).equals(bytes)))
})

test('replacing is the same as placing the new one at once, also among damaged markers', () => {
  fc.assert(
    fc.property(file, values, values, (bytes, first, second) => {
      const [one, two] = [envLines(first).lines, envLines(second).lines]
      expect(placeBlock(placeBlock(bytes, one), two)).toEqual(placeBlock(bytes, two))
    }),
  )
})

test('what is written is what parseDotenv reads', () => {
  fc.assert(
    fc.property(
      whole.filter((bytes) => !/['"]/.test(bytes.toString('latin1'))),
      values,
      (bytes, block) => {
        const { lines, left } = envLines(block)
        const read = parseDotenv(placeBlock(bytes, lines).toString())
        for (const [key, text] of Object.entries(block)) if (!left.includes(key)) expect(read[key]).toBe(text)
      },
    ),
  )
})

test('what is written is what sh reads', () => {
  const writable = fc
    .string({ unit: fc.constantFrom(...`ab '"\`\\$\n\t#=!{}();&|<>*?~%ü`), maxLength: 12 })
    .filter((text) => quoteEnvValue(text) !== undefined)
  fc.assert(
    fc.property(fc.array(writable, { minLength: 20, maxLength: 60 }), (texts) => {
      const script = texts.map((text, index) => `V${index}=${quoteEnvValue(text)}`).join('\n')
      const print = texts.map((_text, index) => `printf '%s\\0' "$V${index}"`).join('\n')
      const output = execFileSync('sh', ['-c', `${script}\n${print}`], { encoding: 'utf8' })
      expect(output.split('\0').slice(0, -1)).toEqual(texts)
    }),
    { numRuns: 15 },
  )
})

test('only what no quoting can carry is left out', () => {
  fc.assert(
    fc.property(awkward, (text) => {
      const carried = quoteEnvValue(text) !== undefined
      if (!/['\\\r]/.test(text)) expect(carried).toBe(true)
    }),
  )
})
