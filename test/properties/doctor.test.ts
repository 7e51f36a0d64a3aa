import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAnswer } from '../../src/doctor/hooks/ask-hooks.ts'
import { parseListening } from '../../src/doctor/ports/listening.ts'
import { findSetting, parseSettings } from '../../src/doctor/settings.ts'

const noNul = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'))
const key = fc.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}$/)

test('settings written as git writes them are read back, whatever is in a value', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, noNul), { selector: ([name]) => name }), (entries) => {
      const output = entries.map(([name, value]) => `local\0file:.git/config\0${name}\n${value}\0`).join('')
      const settings = parseSettings(output)
      expect(settings.size).toBe(entries.length)
      for (const [name, value] of entries) expect(findSetting(settings, name)?.value).toBe(value)
    }),
  )
})

test('no text makes a parser throw, and none is an answer without the word that was asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseSettings(text)
      parseListening(text)
      expect(parseAnswer(text, 'cafe0123 pre-push').kind).toBe('silent')
    }),
  )
})
