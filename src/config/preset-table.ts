import { bun } from '../../presets/bun.ts'
import { compose } from '../../presets/compose.ts'
import { go } from '../../presets/go.ts'
import { monorepo } from '../../presets/monorepo.ts'
import { npm } from '../../presets/npm.ts'
import { pnpm } from '../../presets/pnpm.ts'
import { pythonUv } from '../../presets/python-uv.ts'
import { pythonVenv } from '../../presets/python-venv.ts'
import { rust } from '../../presets/rust.ts'
import { yarn } from '../../presets/yarn.ts'
import type { Preset, PresetName } from './types.ts'

/** The presets that come with the package, by the name a config uses. */
export const presetTable: Readonly<Record<PresetName, Preset>> = {
  npm,
  pnpm,
  yarn,
  bun,
  'python-uv': pythonUv,
  'python-venv': pythonVenv,
  rust,
  go,
  compose,
  monorepo,
}

export const presetNames = Object.keys(presetTable) as PresetName[]

/** The preset of that name, undefined where there is none. */
export function findPreset(name: string): Preset | undefined {
  return Object.hasOwn(presetTable, name) ? presetTable[name as PresetName] : undefined
}
