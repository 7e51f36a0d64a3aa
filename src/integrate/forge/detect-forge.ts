import type { ForgeKind } from '../../config/types.ts'
import { parseRemoteUrl } from '../remote-url.ts'

export type ForgeName = ForgeKind | 'unknown'

/** Which forge a remote belongs to: what `overrides` say of its host, else what its name says. */
export function detectForge(remoteUrl: string, overrides: Readonly<Record<string, ForgeKind>> = {}): ForgeName {
  const host = parseRemoteUrl(remoteUrl)?.host
  if (host === undefined) return 'unknown'
  const override = Object.hasOwn(overrides, host) ? overrides[host] : undefined
  if (override !== undefined) return override
  const labels = host.split('.')
  if (host.endsWith('.ghe.com') || labels.includes('github')) return 'github'
  return labels.includes('gitlab') ? 'gitlab' : 'unknown'
}
