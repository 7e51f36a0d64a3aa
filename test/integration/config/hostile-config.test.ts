import { symlink, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeTrust } from '../../../src/config/describe-trust.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { makeConfigProject } from '../../support/config-project.ts'

/** Milliseconds for those that never end, and for those that do on a busy machine. */
const limits = { endless: 1000, usual: 30_000 }

const name = 'flightrules.config.mjs'

/** What the config is, and the code and words it is refused with. */
const refused: Readonly<Record<string, readonly [string, RegExp]>> = {
  'export default { get mode() { throw new Error("no") } }': ['CONFIG_FAILED', /no$/],
  'export default { get mode() { for (;;); } }': ['CONFIG_TIMEOUT', /did not finish within 1 s/],
  'for (;;);': ['CONFIG_TIMEOUT', /did not finish within 1 s/],
  'setInterval(() => {}, 1000); await new Promise(() => {}); export default {}': ['CONFIG_TIMEOUT', /did not finish/],
  'await new Promise(() => {}); export default {}': ['CONFIG_FAILED', /ended its own process/],
  'export default { toString() { for (;;); } }': ['CONFIG_INVALID', /toString: is a function/],
  'export default { toJSON() { return { mode: "parallel" } } }': ['CONFIG_INVALID', /toJSON: is a function/],
  'export default { [Symbol.toPrimitive]: 1, valueOf() {} }': ['CONFIG_INVALID', /valueOf: is a function/],
  'export default { base: "x".repeat(2 ** 29 - 24) }': ['CONFIG_INVALID', /base: is a text of 536870888 characters/],
  'export default { base: "x".repeat(2 ** 30) }': ['CONFIG_FAILED', /Invalid string length/],
  'let s = "x"; for (;;) s += s + s.slice(1); export default s': ['CONFIG_FAILED', /Invalid string length|memory/],
  'const a = []; for (;;) a.push({ a: [1, 2, 3] }); export default a': ['CONFIG_FAILED', /more memory/],
  'export default { envFiles: new Array(2 ** 32 - 1) }': ['CONFIG_INVALID', /list of 4294967295 entries/],
  'const t = "x".repeat(60_000); export default { envFiles: Array(9000).fill(t) }': ['CONFIG_INVALID', /more values or text/],
  'let a = ["x"]; for (let i = 0; i < 10; i++) a = Array(1000).fill(a); export default { envFiles: a }': [
    'CONFIG_INVALID',
    /more values or text/,
  ],
  'const o = {}; o.env = o; export default o': ['CONFIG_INVALID', /deep, or contains itself/],
  'export default JSON.parse(\'{"__proto__": {"mode": "parallel"}}\')': ['CONFIG_INVALID', /__proto__: is not allowed/],
  'export default { env: JSON.parse(\'{"__proto__": "x"}\') }': ['CONFIG_INVALID', /env\.__proto__: is not allowed/],
  'export default { env: { constructor: { prototype: {} } } }': ['CONFIG_INVALID', /env\.constructor/],
  'export default Object.create({ mode: "parallel" })': [
    'CONFIG_INVALID',
    /exports an instance of Object; it has to export an object/,
  ],
  'export default new (class Sneaky {})()': ['CONFIG_INVALID', /an instance of Sneaky/],
  'export default new Proxy({}, { ownKeys() { throw new Error("trap") } })': ['CONFIG_FAILED', /trap$/],
  'export default new Proxy({}, { getPrototypeOf() { for (;;); } })': ['CONFIG_TIMEOUT', /did not finish/],
  'export default { ports: { PORT: 3000n } }': ['CONFIG_INVALID', /ports\.PORT: is a bigint/],
  'export default { env: new Map() }': ['CONFIG_INVALID', /env: is an instance of Map/],
  'Array.prototype.map = () => { throw new Error("patched") }; export default { envFiles: ["a"] }': ['CONFIG_FAILED', /patched/],
  'Object.entries = () => [["mode", "wrong"]]; export default {}': ['CONFIG_INVALID', /mode: is "wrong"/],
  'throw null': ['CONFIG_FAILED', /it threw null/],
  'throw { get message() { for (;;); } }': ['CONFIG_TIMEOUT', /did not finish/],
  'throw { toString() { throw new Error("again") }, toJSON() { throw new Error("again") } }': ['CONFIG_FAILED', /again/],
  'throw Object.assign(new Error("x"), { stack: { get split() { throw new Error("stack") } } })': ['CONFIG_FAILED', /stack|x/],
  'throw new Error("long ".repeat(1e6))': ['CONFIG_FAILED', /long[^]{0,4} …$/],
  'process.exit(0)': ['CONFIG_FAILED', /ended its own process \(status 0\)/],
  'process.abort()': ['CONFIG_FAILED', /./],
  'import { parentPort } from "node:worker_threads"; parentPort.postMessage(null); for (;;);': ['CONFIG_FAILED', /in our place/],
  'import { parentPort } from "node:worker_threads"; parentPort.postMessage({ kind: "value", value: {}, functions: 1 }); for (;;);':
    ['CONFIG_FAILED', /in our place/],
  'import { parentPort } from "node:worker_threads"; parentPort.postMessage({ kind: "value", value: { mode: "wrong" }, functions: [], problems: [] }); for (;;);':
    ['CONFIG_INVALID', /mode: is "wrong"/],
}

test.each(Object.entries(refused))('91: %s', async (code, [expected, words]) => {
  const project = await makeConfigProject({ [name]: code })
  const error = await project.refusal(expected === 'CONFIG_TIMEOUT' ? limits.endless : limits.usual)
  expect([error.code, error.exitStatus]).toEqual([expected, 2])
  expect(error.message).toMatch(words)
  expect(error.message).toContain(name)
  expect(error.message.length).toBeLessThan(3000)
  expect(await loadConfig(project)).toMatchObject({ trust: 'unapproved', config: { mode: 'ask' } })
})

test('91: what a config does to the prototypes of its own thread stays there', async () => {
  const project = await makeConfigProject({
    [name]:
      'Object.prototype.postCreateHook = "touch evil"; Array.prototype.push = () => {}; export default { mode: "parallel" }',
  })
  const { config } = await project.approve()
  expect([config.mode, config.postCreateHook, 'postCreateHook' in {}]).toEqual(['parallel', [], false])
})

test('91: what a config prints goes nowhere', async () => {
  const project = await makeConfigProject({
    [name]: 'process.stdout.write("x".repeat(1e6)); console.error("y"); export default {}',
  })
  expect((await project.approve()).trust).toBe('approved')
})

test.skipIf(process.platform === 'win32').each(['/dev/zero', '/dev/stdin', '/dev/full', '.', 'nowhere'])(
  '91: a config that is a link to %s is read by nobody, and stops nobody',
  async (target) => {
    const project = await makeConfigProject({ 'package.json': '{}' })
    for (const file of ['flightrules.config.json', 'flightrules.config.local.json'])
      await symlink(target, join(project.main, file))
    const { trust, digest, doubts } = await loadConfig(project)
    expect([trust, digest]).toEqual(['unapproved', null])
    expect(doubts).toMatchObject([{ code: 'CONFIG_FAILED', message: expect.stringMatching(/it cannot be read: /) as string }])
    await expect(describeTrust(project)).rejects.toMatchObject({ code: 'CONFIG_FAILED', exitStatus: 2 })
  },
)

test('91: a config of a gigabyte is not read', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{}' })
  await truncate(join(project.main, 'flightrules.config.json'), 2 ** 30)
  expect((await project.refusal()).message).toMatch(/has 1073741824 bytes; at most 4194304 are read/)
})

test('91: imports without end are not followed', async () => {
  const files = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`m/${index}.mjs`, `import './${index + 1}.mjs'\n`]))
  const project = await makeConfigProject({ [name]: `import './m/0.mjs'\nexport default {}`, ...files })
  expect((await project.refusal()).message).toMatch(/imports more than 500 local files/)
})
