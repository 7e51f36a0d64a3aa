import * as z from 'zod'

/** One thing an agent may ask for: which command it is, and what of it a program may decide. */
export interface Tool {
  readonly name: string
  readonly description: string
  readonly input: z.ZodObject
  readonly annotations: {
    readonly readOnlyHint: boolean
    readonly destructiveHint: boolean
    readonly idempotentHint: boolean
    readonly openWorldHint: boolean
  }
  /** The line a person would type, in words; what was checked against `input`. */
  toArgv(input: Readonly<Record<string, unknown>>): readonly string[]
}

/** What nobody is surprised by: looks, and changes nothing. */
export const looks: Tool['annotations'] = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}

/** Adds to what is there, and can be taken back. */
export const changes: Tool['annotations'] = { ...looks, readOnlyHint: false, idempotentHint: false }

/** No program can be given a NUL in an argument. */
export const text = z
  .string()
  .min(1)
  .max(20_000)
  .refine((value) => !value.includes('\0'), 'a NUL is in it')

/** In every tool. */
export const directory = z
  .string()
  .optional()
  .describe('absolute path of the worktree to work in; default: where the server was started')

export const session = text.optional().describe('id of the session; default: the one `directory` is in')

/** An option with its value in one word, so that no value is taken for a flag; nothing for none. */
export function option(flag: string, value: unknown): string[] {
  if (value === undefined || value === false) return []
  if (Array.isArray(value)) return value.flatMap((one) => option(flag, one))
  return [value === true ? flag : `${flag}=${String(value)}`]
}

/** An argument that is no flag whatever it begins with. */
export function argument(value: unknown): string[] {
  return value === undefined ? [] : ['--', String(value)]
}
