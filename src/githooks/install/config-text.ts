import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { PortRequest, PresetName } from '../../config/types.ts'
import type { DetectedPorts } from './detect-ports.ts'
import type { PackageManager, Project } from './detect-project.ts'

/** The settings a new config names: only what differs from the defaults and the presets. */
export interface NewConfig {
  readonly extends: readonly PresetName[]
  /** Empty: what the defaults and presets cover is enough. */
  readonly envFiles: readonly string[]
  readonly dependencies: readonly string[]
  readonly ports: Readonly<Record<string, PortRequest>>
  readonly postCreateHook: string | undefined
}

const installs: Readonly<Record<PackageManager, string>> = {
  npm: 'npm install --prefer-offline --no-audit --no-fund',
  pnpm: 'pnpm install --prefer-offline',
  yarn: 'yarn install',
  bun: 'bun install',
}

export function planConfig(
  project: Project,
  presets: readonly PresetName[],
  ports: DetectedPorts,
  envFiles: readonly string[],
): NewConfig {
  const { packageFolder: folder, packageManager } = project
  const isBelow = folder !== '' && packageManager !== undefined
  return {
    extends: presets,
    envFiles,
    dependencies: isBelow ? [`${folder}/node_modules`] : [],
    ports: ports.ports,
    postCreateHook: isBelow ? `cd ${quoteForShell(folder)} && ${installs[packageManager]}` : undefined,
  }
}

/** `.ts` where the root package uses TypeScript, `.mjs` where there is one that does not, else `.json`. */
export function configFileName(project: Project): string {
  if (project.package === undefined || project.packageFolder !== '') return 'flightrules.config.json'
  return project.usesTypeScript ? 'flightrules.config.ts' : 'flightrules.config.mjs'
}

/** A config as code, with a word where a setting is not plain from its name. */
export function codeText(config: NewConfig): string {
  const lines: string[] = []
  if (config.extends.length > 0) lines.push(`extends: ${list(config.extends)},`)
  if (config.envFiles.length > 0) {
    lines.push('// Ignored files each session gets a copy of.', `envFiles: ${list(config.envFiles)},`)
  }
  if (config.dependencies.length > 0) lines.push(`dependencies: { paths: ${list(config.dependencies)} },`)
  const ports = Object.entries(config.ports)
  if (ports.length > 0) {
    const members = ports.map(([name, port]) => `${name}: ${JSON.stringify(port)}`).join(', ')
    lines.push(
      '// The main worktree keeps these; each session gets free ones of its own in .env.local.',
      `ports: { ${members} },`,
    )
  }
  if (config.postCreateHook !== undefined) lines.push(`postCreateHook: ${text(config.postCreateHook)},`)
  const body = lines.length === 0 ? '{}' : `{\n${lines.map((line) => `  ${line}\n`).join('')}}`
  return `import { defineConfig } from 'flightrules'\n\n// Every setting, with its meaning: flightrules config schema\nexport default defineConfig(${body})\n`
}

/** A config as data. `schema` is the path of the JSON Schema for editors. */
export function dataText(config: NewConfig, schema: string | undefined): string {
  const value = {
    ...(schema === undefined ? {} : { $schema: schema }),
    ...(config.extends.length === 0 ? {} : { extends: config.extends }),
    ...(config.envFiles.length === 0 ? {} : { envFiles: config.envFiles }),
    ...(config.dependencies.length === 0 ? {} : { dependencies: { paths: config.dependencies } }),
    ...(Object.keys(config.ports).length === 0 ? {} : { ports: config.ports }),
    ...(config.postCreateHook === undefined ? {} : { postCreateHook: config.postCreateHook }),
  }
  return `${JSON.stringify(value, null, 2)}\n`
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`
}

function text(value: string): string {
  return value.includes("'") || value.includes('\\') ? JSON.stringify(value) : `'${value}'`
}
