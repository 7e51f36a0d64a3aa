import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { PortRequest, PresetName, ToolName } from '../../config/types.ts'
import type { DetectedPorts } from './detect-ports.ts'
import type { PackageManager, Project } from './detect-project.ts'
import type { ImportPlan } from './import/plan-import.ts'

/** The settings a new config names: only what differs from the defaults and the presets. */
export interface NewConfig {
  readonly extends: readonly PresetName[]
  /** Empty: what the defaults and presets cover is enough. */
  readonly envFiles: readonly string[]
  readonly dependencies: readonly string[]
  readonly ports: Readonly<Record<string, PortRequest>>
  readonly aliases: readonly ToolName[]
  /** Empty: those of the presets. */
  readonly postCreateHook: readonly string[]
  readonly preRemoveHook: readonly string[]
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
  taken?: ImportPlan,
): NewConfig {
  const { packageFolder: folder, packageManager } = project
  const isBelow = folder !== '' && packageManager !== undefined
  return {
    extends: presets,
    envFiles,
    dependencies: isBelow ? [`${folder}/node_modules`] : [],
    ports: { ...ports.ports, ...taken?.ports },
    aliases: taken?.aliases ?? [],
    // what is taken over sets up all of a worktree already
    postCreateHook:
      taken !== undefined && taken.postCreateHook.length > 0
        ? taken.postCreateHook
        : isBelow
          ? [`cd ${quoteForShell(folder)} && ${installs[packageManager]}`]
          : [],
    preRemoveHook: taken?.preRemoveHook ?? [],
  }
}

/** `.ts` where the root package uses TypeScript, `.mjs` where there is one that does not, else `.json`. */
export function configFileName(project: Project): string {
  if (project.package === undefined || project.packageFolder !== '') return 'flightrules.config.json'
  return project.usesTypeScript ? 'flightrules.config.ts' : 'flightrules.config.mjs'
}

/** A config as code. */
export function codeText(config: NewConfig): string {
  const lines = settingLines(config)
  const body = lines.length === 0 ? '{}' : `{\n${lines.map((line) => `  ${line}\n`).join('')}}`
  return `import { defineConfig } from 'flightrules'\n\n// Every setting, with its meaning: flightrules config schema\nexport default defineConfig(${body})\n`
}

/** Its settings as code, with a word where one is not plain from its name. */
function settingLines(config: NewConfig): string[] {
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
  if (config.aliases.length > 0) {
    lines.push(
      "// The commands below were written for these tools, and get a session's values by their names too.",
      `aliases: ${list(config.aliases)},`,
    )
  }
  if (config.postCreateHook.length > 0) lines.push(...commands('postCreateHook', config.postCreateHook))
  if (config.preRemoveHook.length > 0) lines.push(...commands('preRemoveHook', config.preRemoveHook))
  return lines
}

/** What is taken over, for a person to put into a config of their own. */
export function takenText(taken: ImportPlan, isData: boolean): string {
  const settings: NewConfig = { ...taken, extends: [], dependencies: [] }
  return isData ? dataText(settings, undefined).trimEnd() : settingLines(settings).join('\n')
}

/** A config as data. `schema` is the path of the JSON Schema for editors. */
export function dataText(config: NewConfig, schema: string | undefined): string {
  const value = {
    ...(schema === undefined ? {} : { $schema: schema }),
    ...(config.extends.length === 0 ? {} : { extends: config.extends }),
    ...(config.envFiles.length === 0 ? {} : { envFiles: config.envFiles }),
    ...(config.dependencies.length === 0 ? {} : { dependencies: { paths: config.dependencies } }),
    ...(Object.keys(config.ports).length === 0 ? {} : { ports: config.ports }),
    ...(config.aliases.length === 0 ? {} : { aliases: config.aliases }),
    ...commandData('postCreateHook', config.postCreateHook),
    ...commandData('preRemoveHook', config.preRemoveHook),
  }
  return `${JSON.stringify(value, null, 2)}\n`
}

function commandData(name: string, lines: readonly string[]): Record<string, string | readonly string[]> {
  const [first] = lines
  if (first === undefined) return {}
  return { [name]: lines.length === 1 ? first : lines }
}

/** One command on the setting's own line, several each on one, and a script as its lines. */
function commands(name: string, lines: readonly string[]): string[] {
  const [first = ''] = lines
  if (lines.length === 1 && !first.includes('\n')) return [`${name}: ${text(first)},`]
  return [`${name}: [`, ...lines.flatMap(command).map((line) => `  ${line}`), '],']
}

function command(line: string): string[] {
  if (!line.includes('\n')) return [`${text(line)},`]
  return ['[', ...line.split('\n').map((part) => `  ${text(part)},`), "].join('\\n'),"]
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`
}

function text(value: string): string {
  return /['\\\p{Cc}\u2028\u2029]/u.test(value) ? JSON.stringify(value) : `'${value}'`
}
