import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Invocation } from '../../../src/commands/command.ts'
import { openRepository } from '../../../src/commands/open-repository.ts'
import type { Check, Verdict } from '../../../src/doctor/check.ts'
import { Facts, type FactsInput } from '../../../src/doctor/facts.ts'
import { runChecks } from '../../../src/doctor/run-checks.ts'
import { packedPackage } from '../../support/packed-package.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'
import type { TestRepository } from '../../support/repository.ts'

export interface ExamineOptions extends Partial<Pick<FactsInput, 'cwd' | 'node' | 'now' | 'version'>> {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** What doctor gets of a repository. */
export async function worldOf(repository: TestRepository, options: ExamineOptions = {}): Promise<FactsInput> {
  const cwd = options.cwd ?? repository.path
  const env = { ...repository.env, ...options.env }
  const { signal } = new AbortController()
  const invocation: Invocation = {
    arguments: [],
    options: {},
    cwd,
    env,
    signal,
    json: false,
    yes: false,
    dryRun: false,
    interactive: false,
    screen: new RecordingScreen(),
  }
  const { version } = JSON.parse(await readFile(join(packedPackage(), 'package.json'), 'utf8')) as { version: string }
  return {
    version,
    node: { path: process.execPath, version: process.versions.node },
    packageRoot: packedPackage(),
    open: () => openRepository(invocation),
    ...options,
    cwd,
    env,
    signal,
  }
}

/** What one check says of a repository. */
export async function examine(
  repository: TestRepository,
  check: Check,
  options: ExamineOptions = {},
): Promise<readonly Verdict[]> {
  return runChecks([check], await Facts.open(await worldOf(repository, options)))
}

/** Status and message of each verdict, with the paths of this run replaced. */
export async function say(repository: TestRepository, check: Check, options: ExamineOptions = {}): Promise<string[]> {
  const verdicts = await examine(repository, check, options)
  return verdicts.map(({ status, message }) => `${status}: ${message.replaceAll(repository.parent, '<dir>')}`)
}

/** Makes every repair that is offered. @returns what each said. */
export async function repair(repository: TestRepository, check: Check, options: ExamineOptions = {}): Promise<string[]> {
  const said: string[] = []
  for (const verdict of await examine(repository, check, options)) {
    if (verdict.repair !== undefined) said.push((await verdict.repair.apply()).replaceAll(repository.parent, '<dir>'))
  }
  return said
}
