import type { ForgeName } from './detect-forge.ts'
import type { Forge, ForgeContext } from './forge.ts'

/** The client for a forge, undefined for a forge we have none for. */
export async function findForge(name: ForgeName, context: ForgeContext): Promise<Forge | undefined> {
  if (name === 'github') return (await import('./gh.ts')).openGh(context)
  if (name === 'gitlab') return (await import('./glab.ts')).openGlab(context)
  return undefined
}
