import type { Environment } from '../git/environment.ts'
import { findStateDirectory } from './state-directory.ts'

/** What the environment says about trust: where a person's approvals are, and what is approved for one command. */
export interface TrustEnvironment {
  readonly stateDirectory: string | undefined
  readonly trustDigest: string | undefined
}

export function readTrustEnvironment(env: Environment): TrustEnvironment {
  return { stateDirectory: findStateDirectory(env), trustDigest: env['FLIGHTRULES_TRUST'] }
}
