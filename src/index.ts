import type { FlightRulesConfig, Preset } from './config/types.ts'

export type * from './config/types.ts'

/** Types the project's configuration; returns its argument unchanged. */
export function defineConfig(config: FlightRulesConfig): FlightRulesConfig {
  return config
}

/** Types a preset to share between projects; returns its argument unchanged. */
export function definePreset(preset: Preset): Preset {
  return preset
}
