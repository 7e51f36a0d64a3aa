import { join } from 'node:path'
import { findBlock, hookNames } from '../../githooks/install/hook-block.ts'
import { loadInitRecord } from '../../githooks/install/init-record.ts'
import { readText } from '../../files/read-text.ts'
import type { Facts } from '../facts.ts'

/** The value of core.hooksPath with which git finds our hooks; null for none. undefined where there are no hooks of ours. */
export async function findHome(facts: Facts): Promise<{ value: string | null } | undefined> {
  const [record, main] = await Promise.all([loadInitRecord(facts.commonDir), facts.main()])
  const noted = record?.hooksPath?.after
  if (main !== null) {
    const folder = noted?.endsWith('/_') === true ? noted.slice(0, -2) : '.husky'
    if (await holdsOurs(join(main, folder))) return { value: `${folder}/_` }
    if (typeof noted === 'string' && (await holdsOurs(join(main, noted)))) return { value: noted }
  }
  return (await holdsOurs(join(facts.commonDir, 'hooks'))) ? { value: null } : undefined
}

async function holdsOurs(folder: string): Promise<boolean> {
  const texts = await Promise.all(hookNames.map((name) => readText(join(folder, name))))
  return texts.some((text) => text !== undefined && findBlock(text) !== undefined)
}
