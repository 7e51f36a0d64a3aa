import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { packedPackage } from './packed-package.ts'

export interface CliOptions {
  readonly cwd: string
  /** The whole environment, e.g. a test repository's `env`. */
  readonly env: Readonly<Record<string, string>>
  readonly input?: string
}

export interface CliResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the packed binary with no terminal. Never rejects because of the exit status. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return runProgram(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), ...args], options)
}

/** As `runCli` with `--json`; gives the parsed document. */
export async function runJson(args: readonly string[], options: CliOptions): Promise<{ status: number; json: JsonAnswer }> {
  const { status, stdout, stderr } = await runCli([...args, '--json'], options)
  try {
    return { status, json: JSON.parse(stdout) as JsonAnswer }
  } catch {
    throw new Error(`no single JSON document on stdout (status ${status})\n${stdout}\n${stderr}`)
  }
}

/** The envelope; `data` is for the test to know. */
export interface JsonAnswer {
  readonly version: number
  readonly command: string
  readonly ok: boolean
  readonly data: Readonly<Record<string, never>>
  readonly findings: readonly { readonly code: string; readonly message: string }[]
  readonly error: {
    readonly code: string
    readonly message: string
    readonly hint?: string
    readonly choices: readonly { readonly flag: string; readonly label: string }[]
    readonly details: Readonly<Record<string, unknown>>
  }
}

/** Runs any program to its end. Rejects only when it cannot be started. */
export function runProgram(file: string, args: readonly string[], options: CliOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: options.env, stdio: 'pipe', windowsHide: true })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ status: code ?? (signal === null ? 1 : 128), stdout, stderr }))
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}
