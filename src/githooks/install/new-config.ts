import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultConfig } from '../../config/defaults.ts'
import { presetTable } from '../../config/preset-table.ts'
import type { PresetName } from '../../config/types.ts'
import type { Finding } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import { codeText, configFileName, dataText, planConfig } from './config-text.ts'
import { detectEnvFiles } from './detect-env-files.ts'
import { detectPorts } from './detect-ports.ts'
import { type Project, choosePresets } from './detect-project.ts'
import type { ImportPlan } from './import/plan-import.ts'

export interface ConfigWish {
  /** Default: detected. */
  readonly presets: readonly PresetName[] | undefined
  /** From other tools' files; undefined where nothing is taken over. */
  readonly taken: ImportPlan | undefined
}

export interface MadeConfig {
  /** Absolute. */
  readonly file: string
  readonly text: string
  readonly presets: readonly PresetName[]
  readonly findings: readonly Finding[]
}

/** A config made from what the project looks like. */
export async function makeConfig(git: Git, project: Project, wish: ConfigWish): Promise<MadeConfig> {
  const presets = wish.presets ?? choosePresets(project)
  const detected = await detectPorts(project)
  const covered = presets.flatMap((name) => presetTable[name].envFiles ?? [])
  const base = covered.length > 0 ? covered : defaultConfig.envFiles
  const extra = await detectEnvFiles(git.at(project.root), base)
  const more = [...new Set([...extra, ...(wish.taken?.envFiles ?? [])])].filter((glob) => !base.includes(glob))
  const settings = planConfig(project, presets, detected, more.length === 0 ? [] : [...base, ...more], wish.taken)
  const name = configFileName(project)
  const text = name.endsWith('.json') ? dataText(settings, await findSchema(project)) : codeText(settings)
  const findings = detected.fixed.map(({ file: compose, service, port }) => ({
    code: 'FIXED_PORT',
    message: `${compose} publishes ${port} for ${service} under a fixed number: two sessions cannot both have it`,
    hint: `write "\${${service.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_PORT:-${port}}:…" there, and the same name under ports in ${name}`,
    details: { file: compose, service, port },
  }))
  return { file: join(project.root, name), text, presets, findings }
}

async function findSchema(project: Project): Promise<string | undefined> {
  const folder = project.packageFolder === '' ? '.' : `./${project.packageFolder}`
  for (const name of ['schema.json', 'dist/schema.json']) {
    const path = `${folder}/node_modules/flightrules/${name}`
    if (
      await access(join(project.root, path)).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}
