import { writeFile } from 'node:fs/promises'
import { byteName, type Situation } from './situation.ts'

/** How things are called. */
export const nameSituations: readonly Situation[] = [
  {
    name: 'names with line ends, quotes, backslashes, spaces, leading dashes and magic of pathspecs',
    async make(site) {
      for (const name of [
        'two\nlines',
        'tab\tbed',
        '"quoted"',
        "it's",
        'back\\slash',
        ' spaced ',
        '-rf',
        '--',
        ':(top)x',
        '*',
        '[a]',
      ]) {
        await site.write(name, `${name}\n`)
        await site.write(`build/${name}`, `ignored ${name}\n`)
      }
    },
  },
  {
    name: 'a tracked file with a line end in its name, modified',
    async make(site) {
      await site.write('two\nlines', '1\n')
      await site.commit('odd name')
      await site.write('two\nlines', '2\n')
    },
  },
  {
    name: 'names that are not UTF-8, tracked, untracked and ignored',
    platform: 'linux',
    async make(site) {
      await writeFile(byteName(site, [0x74, 0xff, 0xfe]), 'tracked\n')
      await site.commit('bytes')
      await writeFile(byteName(site, [0x74, 0xff, 0xfe]), 'modified\n')
      await writeFile(byteName(site, [0x75, 0x80]), 'untracked\n')
      await writeFile(byteName(site, [...Buffer.from('ignored'), 0xc3, 0x28]), 'ignored\n')
    },
  },
  {
    name: 'names of 250 bytes, and a path of a thousand',
    async make(site) {
      await site.write('n'.repeat(250), 'long\n')
      await site.write(`${'d'.repeat(200)}/`.repeat(5) + 'file', 'deep\n')
    },
  },
  {
    name: 'names that differ in case or in composition only',
    platform: 'linux',
    async make(site) {
      await site.write('Case', '1\n')
      await site.write('case', '2\n')
      await site.write('é', 'composed\n')
      await site.write('é', 'decomposed\n')
    },
  },
  {
    name: 'names git does not want in a tree',
    async make(site) {
      await site.write('git~1', 'x\n')
      await site.write('build/.gitmodules', 'x\n')
    },
  },
]
