import type { OptionSpec } from './command.ts'

/** The flag a reader knows an option by: the long one, else the short one. */
export function mainFlag(spec: OptionSpec): string {
  const flags = spec.flags.split(/[ ,]+/).filter((word) => word.startsWith('-'))
  return flags.find((flag) => flag.startsWith('--')) ?? flags[0] ?? ''
}

/** Every flag of an option, short and long, without its value. */
export function allFlags(spec: OptionSpec): string[] {
  return spec.flags.split(/[ ,]+/).filter((word) => word.startsWith('-'))
}

/** The key of `Invocation.options` that a flag sets: `--dry-run` is `dryRun`, `--no-setup` is `setup`. */
export function optionAttribute(flag: string): string {
  return flag.replace(/^--?(?:no-)?/, '').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

/** Whether the option is followed by a value. */
export function takesValue(spec: OptionSpec): boolean {
  return /[<[]/.test(spec.flags)
}
