// Builds the package into dist/ (or --out <dir>): bundles, declarations, JSON Schema, licences of what was bundled.
// Written aside and swapped in as a whole, so that a running binary never meets half a build.
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { collectLicenses } from './collect-licenses.mjs'
import { listStaticImports } from './static-imports.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const outFlag = process.argv.indexOf('--out')
const target = outFlag === -1 ? join(root, 'dist') : resolve(process.argv[outFlag + 1])
const aside = `${target}.${process.pid}.tmp`

/** What a config file imports: an ES module, as configs are. */
const library = { index: 'src/index.ts' }

/** What is run. CommonJS, because node starts it 7 ms sooner than the same code as ES modules; each git hook pays that. */
const programs = {
  cli: 'src/cli.ts',
  hook: 'src/hook.ts',
  'evaluate-worker': 'src/config/evaluate-worker.ts',
  'hook-function-child': 'src/config/hook-function-child.ts',
}

/** What both agents' hooks and a status line read their input with. */
const agentInput = /src[\\/]cli[\\/]read-object\.ts$/
const engine = /src[\\/](errors|files|git|integrate|operations|sessions|setup|config)[\\/.]/
/** Between the start of an agent's hook and what it looks into: one file, for opening each of the small ones takes half a millisecond. */
const agentWay = /src[\\/]agent(?:\.ts|s[\\/]hooks[\\/](?:agent-call|handlers|noted|place|pre-tool-use)\.ts)$/
const hooks = ['src/githooks/follow-checkout.ts', 'src/githooks/pre-push.ts', 'src/githooks/post-merge.ts']
/** What each of the hooks loads where it has something to do. */
let hooksLoad = []
/** The agents' hooks that are started many times a minute, mostly to say nothing: they load what they need and no more. */
const agentHooks = ['agent', ...['noted', 'pre-tool-use', 'guard-edit', 'guard-shell'].map((name) => `agents/hooks/${name}`)].map(
  (name) => `src/${name}.ts`,
)
let agentsLoad = new Set()
/** The command line itself, before it is known what is to be done. */
let cliLoads = new Set()
/** What `status` and the hooks find out with how sessions stand. */
const lookers = ['read-status', 'radar/read-standing', 'find-merged'].map((name) => `src/sessions/${name}.ts`)
let statusLoads = new Set()
/** What each command loads that looks at sessions. */
let openLoads = new Set()
/** What a prompt waits for: beside that, a few files more. */
let statuslineLoads = new Set()
/** A few of one hook only are what `status` has too. */
const isCommon = (id) => hooksLoading(id) > 1 || (hooksLoading(id) === 1 && statusLoads.has(id) && !openLoads.has(id))
const hooksLoading = (id) => hooksLoad.filter((loaded) => loaded.has(id)).length

const started = Date.now()
await mkdir(aside, { recursive: true })
try {
  const [chunks] = await Promise.all([bundle(), declare()])
  await writeFile(join(aside, 'THIRD_PARTY_LICENSES.txt'), await collectLicenses(root, modulesOf(chunks)))
  await writeSchema('src/config/schema.ts', 'configJsonSchema', 'schema.json')
  await writeSchema('src/sessions/radar/answer-schema.ts', 'radarJsonSchema', 'radar.schema.json')
  await rename(target, `${aside}.old`).catch(() => {})
  await rename(aside, target)
  const bytes = chunks.reduce((sum, chunk) => sum + Buffer.byteLength(chunk.code), 0)
  console.log(
    `built ${relative(root, target) || target}: ${chunks.length} chunks, ${Math.round(bytes / 1024)} kB, ${Date.now() - started} ms`,
  )
} finally {
  await rm(aside, { recursive: true, force: true })
  await rm(`${aside}.old`, { recursive: true, force: true })
}

async function bundle() {
  hooksLoad = await Promise.all(hooks.map((hook) => listStaticImports(root, [hook])))
  agentsLoad = await listStaticImports(root, agentHooks)
  openLoads = await listStaticImports(root, ['src/commands/open-repository.ts'])
  statusLoads = await listStaticImports(root, lookers)
  cliLoads = await listStaticImports(root, ['src/cli/main.ts'])
  statuslineLoads = await listStaticImports(root, ['src/statusline.ts', 'src/ui/write-line.ts'])
  const chunks = [...(await bundleAs('esm', library)), ...(await bundleAs('cjs', programs))]
  await addShebang()
  return chunks
}

async function bundleAs(format, input) {
  const extension = format === 'esm' ? 'js' : 'cjs'
  const build = await rolldown({
    cwd: root,
    input: await existing(input),
    platform: 'node',
    external: (id) => id === 'jiti' || id === 'husky' || id.startsWith('jiti/') || id.startsWith('node:'),
    treeshake: true,
    onLog(level, log, handler) {
      // an import that cannot be found would end up in the package as it is
      if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
      if (level === 'warn') handler(level, log)
    },
  })
  const { output } = await build.write({
    dir: aside,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/[name]-[hash].${extension}`,
    // less to read at each start; names stay, for the stacks people report
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    sourcemap: false,
    // what several hooks load, and what several commands share beyond that, is one file each: opening fifty small ones costs more
    codeSplitting: {
      groups: [
        { name: 'base', test: (id) => (engine.test(id) || agentInput.test(id)) && agentsLoad.has(id), priority: 4 },
        // a group takes along what its modules import: this, which git's hooks load too, is to stay by itself
        { name: 'escape-text', test: /src[\\/]ui[\\/]escape-text\.ts$/, priority: 3.9 },
        { name: 'agent', test: agentWay, priority: 3.8 },
        { name: 'screen', test: (id) => cliLoads.has(id) && statuslineLoads.has(id) && !agentsLoad.has(id), priority: 3.6 },
        { name: 'standing', test: (id) => engine.test(id) && statuslineLoads.has(id) && !agentsLoad.has(id), priority: 3.5 },
        {
          name: 'line',
          test: (id) => !/(?:statusline|status-input)\.ts$/.test(id) && statuslineLoads.has(id) && !agentsLoad.has(id),
          priority: 3.4,
        },
        // of the engine it has only errors and a few words: those are not to bring all of it, nor the engine all of this
        { name: 'terms', test: (id) => cliLoads.has(id) && engine.test(id) && !agentsLoad.has(id), priority: 3.3 },
        { name: 'main', test: (id) => cliLoads.has(id) && !agentsLoad.has(id) && !statuslineLoads.has(id), priority: 3.2 },
        { name: 'engine', test: (id) => engine.test(id) && isCommon(id), minShareCount: 3, priority: 3 },
        // what commands begin with, and one of the hooks
        { name: 'reconcile', test: (id) => engine.test(id) && openLoads.has(id), minShareCount: 2, priority: 2.5 },
        { name: 'hook', test: (id) => engine.test(id) && hooksLoading(id) === 1, minShareCount: 3, priority: 2 },
        { name: 'status', test: (id) => engine.test(id) && statusLoads.has(id), minShareCount: 2, priority: 1.5 },
        { name: 'shared', test: engine, minShareCount: 3, priority: 1 },
      ],
    },
  })
  await build.close()
  return output.filter((file) => file.type === 'chunk')
}

async function existing(input) {
  const found = await Promise.all(
    Object.entries(input).map(async ([name, file]) => ((await isFile(join(root, file))) ? [[name, file]] : [])),
  )
  return Object.fromEntries(found.flat())
}

async function addShebang() {
  const cli = join(aside, 'cli.cjs')
  await writeFile(cli, `#!/usr/bin/env node\n${await readFile(cli, 'utf8')}`)
  await chmod(cli, 0o755)
}

/** Types of the public entry and of what it names, with specifiers a consumer can resolve. */
async function declare() {
  await promisify(execFile)(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'scripts/tsconfig.declarations.json'), '--outDir', aside],
    { cwd: root },
  ).catch((error) => {
    throw new Error(`the declarations could not be made:\n${error.stdout}${error.stderr}`)
  })
  for (const file of await readdir(aside, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue
    const text = await readFile(join(aside, file), 'utf8')
    await writeFile(join(aside, file), text.replaceAll(/(['"]\.{1,2}\/[^'"]*)\.ts(['"])/g, '$1.js$2'))
  }
}

/** From the bundle, so that it is what the installed binary checks against, or answers. */
async function writeSchema(source, name, file) {
  const module = join(aside, 'schema-for-build.mjs')
  const build = await rolldown({ cwd: root, input: source, platform: 'node' })
  await build.write({ file: module, format: 'esm' })
  await build.close()
  const { [name]: makeSchema } = await import(`${pathToFileURL(module).href}?${file}`)
  await rm(module)
  await writeFile(join(aside, file), `${JSON.stringify(makeSchema(), null, 2)}\n`)
}

function modulesOf(chunks) {
  return chunks.flatMap((chunk) => chunk.moduleIds)
}

function isFile(path) {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  )
}
