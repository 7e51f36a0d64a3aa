import { installPacked } from './packed-package.ts'

/** Builds, packs and installs the package once a run, for the tests that use the real binary. */
export default async function setup(): Promise<void> {
  process.env['TEST_PACKED'] ??= await installPacked()
}
