import { basename, join } from 'node:path'
import { composePorts } from './compose-ports.ts'
import { composeFiles, type Project } from './detect-project.ts'
import { type PackageJson, parsePackageJson } from './package-json.ts'
import { readText } from '../../files/read-text.ts'

export interface DetectedPorts {
  /** By the name of the variable, in the order found. */
  readonly ports: Readonly<Record<string, number>>
  /** Ports a compose file publishes under a fixed number: two sessions cannot both have them. */
  readonly fixed: readonly { readonly file: string; readonly service: string; readonly port: number }[]
}

/** Servers of development and the port each takes when nobody says. */
const servers: readonly (readonly [RegExp, number])[] = [
  [/\bnext dev\b/, 3000],
  [/\bnuxi? dev\b/, 3000],
  [/\bastro dev\b/, 4321],
  [/\bng serve\b/, 4200],
  [/\breact-scripts start\b/, 3000],
  [/\bwebpack(?:-dev-server| serve)\b/, 8080],
  [/\bvite preview\b/, 4173],
  [/\bvite(?: dev| serve)?(?=\s*$|\s+-|\s*&)/, 5173],
]

/** Names of variables that say where a server of this project listens, not where a database is. */
const listening = /^(?:(?:APP|API|BACKEND|CLIENT|DEV|DEV_SERVER|FRONTEND|HTTP|SERVER|UI|VITE|WEB)_)?PORT$/

/** Which ports the project's own servers take. Reads package.json files, compose files and env files. */
export async function detectPorts(project: Project): Promise<DetectedPorts> {
  const ports: Record<string, number> = {}
  const add = (name: string, port: number): void => {
    if (port > 0 && port < 65_536) ports[name] ??= port
  }
  for (const name of ['.env', '.env.local', '.env.development', '.env.example']) {
    const text = (await readText(join(project.root, project.packageFolder, name))) ?? ''
    for (const [, variable = '', value] of text.matchAll(
      /^[ \t]*(?:export[ \t]+)?([A-Z][A-Z0-9_]*)=["']?(\d{2,5})["']?[ \t]*\r?$/gm,
    )) {
      if (listening.test(variable)) add(variable, Number(value))
    }
  }
  if (project.package !== undefined) for (const [name, port] of scriptPorts(project.package)) add(name, port)
  const apps = await listServingPackages(project)
  for (const { folder, found } of apps) {
    for (const [name, port] of scriptPorts(found)) add(apps.length === 1 ? name : `${variableName(folder)}_${name}`, port)
  }
  const fixed: DetectedPorts['fixed'][number][] = []
  for (const file of composeFiles) {
    if (!project.entries.has(file)) continue
    const published = await composePorts((await readText(join(project.root, file))) ?? '')
    for (const { service, variable, port } of published) {
      if (variable !== undefined) add(variable, port)
      else fixed.push({ file, service, port })
    }
  }
  return { ports, fixed }
}

/** Ports of the scripts that start a server: `dev`, `start`, `serve` and their `dev:api` kind. */
export function scriptPorts(found: PackageJson): [string, number][] {
  const result: [string, number][] = []
  for (const [script, line] of Object.entries(found.scripts)) {
    const match = /^(?:dev|start|serve|develop)(?::([\w-]+))?$/.exec(script)
    if (match === null) continue
    const said = /(?:--port[= ]|(?:^|\s)-p[= ]?|\bPORT=)(\d{2,5})\b/.exec(line)?.[1]
    const port = said === undefined ? servers.find(([pattern]) => pattern.test(line))?.[1] : Number(said)
    if (port === undefined) continue
    const name = match[1] === undefined ? 'PORT' : `${variableName(match[1])}_PORT`
    if (!result.some(([other, same]) => other === name || same === port)) result.push([name, port])
  }
  return result
}

async function listServingPackages(project: Project): Promise<{ folder: string; found: PackageJson }[]> {
  const wanted = project.workspaces.filter((glob) => !glob.startsWith('!') && !glob.includes('..') && !glob.startsWith('/'))
  if (wanted.length === 0) return []
  const { default: fastGlob } = await import('fast-glob')
  const files = await fastGlob(
    wanted.map((glob) => `${glob.replace(/^\.\//, '').replace(/\/$/, '')}/package.json`),
    { cwd: project.root, ignore: ['**/node_modules/**'], followSymbolicLinks: false, suppressErrors: true },
  )
  const result: { folder: string; found: PackageJson }[] = []
  for (const file of files.sort()) {
    const found = parsePackageJson((await readText(join(project.root, file))) ?? '')
    if (found !== undefined && scriptPorts(found).length > 0) result.push({ folder: basename(join(file, '..')), found })
  }
  return result
}

function variableName(text: string): string {
  return text
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_')
}
