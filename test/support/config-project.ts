import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { approveConfig } from '../../src/config/trust.ts'
import type { LoadedConfig } from '../../src/config/types.ts'
import { FlightRulesError } from '../../src/errors.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** A folder with config files and a stand-in for the common git directory: loading a config runs no git. */
export interface ConfigProject {
  readonly main: string
  readonly commonDir: string
  /** Where approvals are kept; as only the person's environment says. */
  readonly stateDirectory: string
  write(files: Readonly<Record<string, string>>): Promise<void>
  approve(): Promise<LoadedConfig>
  /** The error approving ends with. */
  refusal(timeLimit?: number): Promise<FlightRulesError>
}

export async function makeConfigProject(files: Readonly<Record<string, string>>): Promise<ConfigProject> {
  const main = await makeTemporaryDirectory('config')
  const commonDir = join(main, '.git')
  await mkdir(commonDir)
  const stateDirectory = join(main, 'state', 'flightrules')
  const write = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(more)) {
      await mkdir(dirname(join(main, name)), { recursive: true })
      await writeFile(join(main, name), text)
    }
  }
  await write(files)
  const approve = (timeLimit?: number): Promise<LoadedConfig> =>
    approveConfig({ main, commonDir, stateDirectory, by: 'trust', ...(timeLimit === undefined ? {} : { timeLimit }) })
  return {
    main,
    commonDir,
    stateDirectory,
    write,
    approve: () => approve(),
    refusal: async (timeLimit) => {
      const error: unknown = await approve(timeLimit).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error instanceof FlightRulesError) return error
      throw new Error('the config was approved, or failed in a way nobody can be told', { cause: error })
    },
  }
}
