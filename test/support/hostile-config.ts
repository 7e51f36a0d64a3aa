import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** A folder where everything that should not have run leaves a file. */
export interface Canaries {
  /** A line of shell that leaves one. */
  command(name: string): string
  /** Lines of a module that leave one as soon as it is loaded. */
  module(name: string): string
  /** What ran, by name. */
  sung(): Promise<string[]>
}

export async function makeCanaries(): Promise<Canaries> {
  const folder = await makeTemporaryDirectory('canaries')
  return {
    command: (name) => `touch '${join(folder, name)}'`,
    module: (name) => `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(join(folder, name))}, '')\n`,
    sung: async () => (await readdir(folder)).sort(),
  }
}

/** Every part of a configuration that could run something, as data: nothing has to be evaluated to know the commands. */
export function hostileData(canaries: Canaries): Record<string, string> {
  const run = canaries.command
  const config = {
    extends: [
      { name: `$(${run('preset-name')})`, postCreateHook: run('preset-hook'), env: { PRESET: `$(${run('preset-env')})` } },
    ],
    sessionsDir: `../{project}-sessions`,
    envFiles: ['.env', '.env.*', `.env.$(${run('env-glob')})`.replaceAll('/', '?')],
    dependencies: { paths: [`$(${run('dependency')})`.replaceAll('/', '?')] },
    ports: { PORT: 50_000 },
    env: { A: `$(${run('template')})`, B: `\`${run('template-backtick')}\`; ${run('template-semicolon')}`, C: '{session}{PORT}' },
    postCreateHook: [run('post-create')],
    preRemoveHook: [run('pre-remove')],
  }
  return { 'flightrules.config.json': JSON.stringify(config) }
}

/** The same as code, which does its work as soon as it is loaded; with what it imports and what other tools would load on the way. */
export function hostileCode(canaries: Canaries): Record<string, string> {
  return {
    'flightrules.config.ts': `${canaries.module('config')}
import { hook } from './tools/imported.ts'
import data from './tools/data.json'
export default {
  get extends() { ${callOf(canaries, 'getter')}; return [{ name: 'own', postCreateHook: ${JSON.stringify(canaries.command('preset-hook'))} }] },
  envFiles: data.envFiles,
  postCreateHook: hook,
  preRemoveHook: ${JSON.stringify(canaries.command('pre-remove'))},
}
`,
    'flightrules.config.local.ts': `${canaries.module('overrides')}export default {}\n`,
    'tools/imported.ts': `${canaries.module('imported')}export const hook = () => { ${callOf(canaries, 'function-hook')} }\n`,
    'tools/data.json': '{"envFiles": [".env"]}',
    '.config/config.js': `${canaries.module('meta-config')}export default {}\n`,
    'jiti.config.ts': canaries.module('jiti'),
    'node_modules/flightrules/index.js': canaries.module('own-name'),
  }
}

function callOf(canaries: Canaries, name: string): string {
  return canaries.module(name).split('\n')[1] ?? ''
}
