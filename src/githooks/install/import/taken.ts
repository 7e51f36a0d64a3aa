import type { PortRequest } from '../../../config/types.ts'

/** What another tool's file says that our config can say too, and what it says besides. */
export interface Taken {
  /** Shell lines, in order. */
  readonly setup: readonly string[]
  readonly teardown: readonly string[]
  /** Globs of ignored files that are copied; undefined where the file says nothing of them. */
  readonly envFiles?: readonly string[]
  /** Ports the tool gives each of its worktrees. */
  readonly ports: Readonly<Record<string, PortRequest>>
  readonly left: readonly Left[]
}

/** What was not taken over, and why, or what does its work here. */
export interface Left {
  readonly what: string
  readonly why: string
}

/** Where scripts expect a free port, or the first of so many: below those that systems give to whoever connects. */
export function portsInARow(count: number): PortRequest {
  return count === 1 ? { from: 20_000, to: 29_999 } : { from: 20_000, to: 29_999, count }
}

/** A script as one shell line of ours, or none where it is empty. */
export function toCommands(script: string | undefined): string[] {
  const text = (script ?? '').replaceAll('\r\n', '\n').trim()
  return text === '' ? [] : [text]
}

/** Servers and the like, which a person or an agent starts when they want them. */
export function leaveRun(scripts: readonly string[]): Left[] {
  return scripts
    .map((script) => script.trim())
    .filter((script) => script !== '')
    .map((script) => ({ what: `run: ${script}`, why: 'started by hand in a session: flightrules run <id> -- <command>' }))
}
